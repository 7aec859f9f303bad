"""Packs a model of F16 for the way to a page, where its weights are whole numbers of eight bits and
their scales (assets/training/eight_bits.py): half of the bytes, and the same weights to the bit.

usage: packed.py MODEL.SAFETENSORS PACKED

PACKED begins with the length of its plan (four bytes) and the plan, JSON: a list of [kind, ...]
  ["bytes", N]          N bytes as they are
  ["rows", R, C]        R scales (float32), R x C whole numbers of a matrix; a scale for each row
  ["columns", R, C]     the same with a scale for each column
app/web/page.html unpacks it.
"""

import array
import json
import math
import struct
import sys
from pathlib import Path

UNIT = 2.0 ** -24  # every F16 is a multiple of it
MOST = 127


def scales(lines):
    """For each line of multiples of UNIT the largest scale of which all are multiples; None when
    one does not get by with eight bits."""
    found = []
    for line in lines:
        scale = math.gcd(*line) or 1
        if max(map(abs, line)) > MOST * scale:
            return None
        found.append(scale)
    return found


def packed(raw, rows, columns):
    """A matrix as (its part of the plan, its bytes)."""
    as_it_is = ["bytes", len(raw)], raw
    if b"\x00\x80" in [raw[at:at + 2] for at in range(0, len(raw), 2)]:  # no whole number is -0
        return as_it_is
    values = [int(value / UNIT) for value in struct.unpack(f"<{rows * columns}e", raw)]
    if max(map(abs, values)) >= 2 ** 31:  # the page counts them in 32 bits
        return as_it_is
    lines = [values[at:at + columns] for at in range(0, len(values), columns)]
    kind, found = "rows", scales(lines)
    if found:
        whole = [value // scale for line, scale in zip(lines, found) for value in line]
    else:
        kind, found = "columns", scales([values[at::columns] for at in range(columns)])
        if not found:
            return as_it_is
        whole = [value // scale for line in lines for value, scale in zip(line, found)]
    sent = struct.pack(f"<{len(found)}f", *(scale * UNIT for scale in found))
    return [kind, rows, columns], sent + array.array("b", whole).tobytes()


def main():
    if len(sys.argv) != 3:
        sys.exit(__doc__.strip())
    file = Path(sys.argv[1]).read_bytes()
    begin = 8 + struct.unpack("<Q", file[:8])[0]
    plan, parts = [["bytes", begin]], [file[:begin]]
    header = json.loads(file[8:begin])
    header.pop("__metadata__", None)
    at = begin
    for tensor in sorted(header.values(), key=lambda tensor: tensor["data_offsets"]):
        first, last = (begin + offset for offset in tensor["data_offsets"])
        assert first == at, "the tensors lie one behind the other"
        at = last
        raw = file[first:last]
        whole = tensor["dtype"] == "F16" and len(tensor["shape"]) == 2
        part, data = packed(raw, *tensor["shape"]) if whole else (["bytes", len(raw)], raw)
        plan.append(part)
        parts.append(data)
    assert at == len(file), "nothing lies behind the tensors"
    told = json.dumps(plan, separators=(",", ":")).encode()
    told += b" " * (-len(told) % 4)
    Path(sys.argv[2]).write_bytes(struct.pack("<I", len(told)) + told + b"".join(parts))


if __name__ == "__main__":
    main()
