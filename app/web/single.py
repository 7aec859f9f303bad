"""Makes one file of a page: stepscope.html holds the program and its assets, packed, so that a
browser opens it from a disk, where it may fetch nothing.

usage: single.py FOLDER
"""

import base64
import gzip
import sys
from pathlib import Path

# Before the program's script: what it would fetch is unpacked from the page.
UNPACK = """
const unpacked = (id) => {
  const text = document.getElementById(id).textContent;
  const bytes = Uint8Array.from(atob(text), (c) => c.charCodeAt(0));
  const stream = new Blob([bytes]).stream().pipeThrough(new DecompressionStream('gzip'));
  return new Response(stream).arrayBuffer();
};
Promise.all(['wasm', 'data', 'js'].map(unpacked)).then(([wasm, data, js]) => {
  Module.wasmBinary = wasm;
  Module.getPreloadedPackage = () => data;
  const script = document.createElement('script');
  script.text = new TextDecoder().decode(js);
  document.body.append(script);
});
"""


def packed(path):
    return base64.b64encode(gzip.compress(path.read_bytes(), 9, mtime=0)).decode()


def main():
    if len(sys.argv) != 2:
        sys.exit(__doc__.strip())
    folder = Path(sys.argv[1])
    page = (folder / "index.html").read_text(encoding="utf-8")
    icon = base64.b64encode((folder / "stepscope.png").read_bytes()).decode()
    page = page.replace('href="stepscope.png"', f'href="data:image/png;base64,{icon}"')
    parts = "".join(f'<script type="text/plain" id="{kind}">{packed(folder / f"stepscope.{kind}")}'
                    "</script>\n" for kind in ("wasm", "data", "js"))
    begins, ends = page.index('<script id="begin">'), page.rindex("</body>")
    page = f"{page[:begins]}{parts}<script>{UNPACK}</script>\n{page[ends:]}"
    (folder / "stepscope.html").write_text(page, encoding="utf-8")


if __name__ == "__main__":
    main()
