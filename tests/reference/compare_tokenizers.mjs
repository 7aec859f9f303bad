// Compares our ids with those of npm's @huggingface/tokenizers, which reads the same files, on texts
// made from a seed. For real folders, which are not part of the repository:
//
//     npm install @huggingface/tokenizers
//     node compare_tokenizers.mjs TOKENIZE_LINES FOLDER [COUNT [SEED]]
//
// The package is looked for from the current folder. A folder without tokenizer.json is given to it as
// Hugging Face's own converter for GPT-2 describes it.
import { execFileSync } from "node:child_process";
import { existsSync, readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { join } from "node:path";

const [lines, folder, count = "1000", seed = "1"] = process.argv.slice(2);
const { Tokenizer } = createRequire(join(process.cwd(), "x.js"))("@huggingface/tokenizers");

const read = (name) => {
  const file = join(folder, name);
  return existsSync(file) ? JSON.parse(readFileSync(file, "utf8")) : undefined;
};
const config = read("tokenizer_config.json") ?? {};

function described() {
  const whole = read("tokenizer.json");
  if (whole) return whole;
  const vocab = read("vocab.json");
  const merges = readFileSync(join(folder, "merges.txt"), "utf8").split(/\r?\n/)
    .filter((line, i) => line && !(i === 0 && line.startsWith("#version")));
  const map = { ...read("special_tokens_map.json"), ...config };
  const content = (t) => (typeof t === "object" && t ? t.content : t);
  const roberta = /Roberta/.test(config.tokenizer_class ?? "");
  const names = ["bos", "eos", "unk", "pad", "sep", "cls", "mask"]
    .map((key) => content(map[key + "_token"])).concat(roberta ? [] : ["<|endoftext|>"]);
  const added = Object.entries(read("added_tokens.json") ?? {});
  for (const name of new Set(names)) if (name in vocab) added.push([name, vocab[name]]);
  const flags = (name) => ({ single_word: false, lstrip: roberta && name === content(map.mask_token),
    rstrip: false, normalized: false, special: true });
  return {
    added_tokens: added.map(([name, id]) => ({ id, content: name, ...flags(name) })),
    normalizer: null,
    pre_tokenizer: { type: "ByteLevel", add_prefix_space: config.add_prefix_space ?? false,
                     trim_offsets: true, use_regex: true },
    post_processor: roberta ? { type: "RobertaProcessing", add_prefix_space: false, trim_offsets: true,
      cls: [content(map.cls_token), vocab[content(map.cls_token)]],
      sep: [content(map.sep_token), vocab[content(map.sep_token)]] } : null,
    decoder: { type: "ByteLevel" },
    model: { type: "BPE", vocab, merges, fuse_unk: false, unk_token: null, dropout: null,
             continuing_subword_prefix: "", end_of_word_suffix: "" },
  };
}

const tokenizer = new Tokenizer(described(), config);

// No U+FEFF and U+0085: JavaScript, and so this package, takes the first for white space and the other
// not; in Unicode, and for the tokenizers that it follows, it is the other way round.
// A generator of 32 bits (xorshift), so that a seed names the texts.
let state = Number(seed) * 2654435761 >>> 0 || 1;
const below = (n) => {
  state ^= state << 13; state >>>= 0;
  state ^= state >>> 17;
  state ^= state << 5; state >>>= 0;
  return state % n;
};
const ranges = [[0x20, 0x7e], [0x20, 0x7e], [0x61, 0x7a], [0x61, 0x7a], [0xa0, 0x24f], [0x300, 0x36f],
  [0x370, 0x3ff], [0x400, 0x4ff], [0x531, 0x58f], [0x5d0, 0x5ea], [0x620, 0x64a], [0x905, 0x939],
  [0xe01, 0xe3a], [0x1200, 0x1248], [0x1e00, 0x1eff], [0x2010, 0x2044], [0x3041, 0x30ff],
  [0x4e00, 0x9fa5], [0xac00, 0xd7a3], [0xff01, 0xff5e], [0x1f300, 0x1f64f], [0x30, 0x39]];
const spaces = [" ", " ", " ", "  ", "   ", "\n", "\n\n", "\t", "\r\n", "\u00a0", "\u3000"];
const words = ["don't", "I'll", "they've", "'s", "O'Neil", "2026", "1,234.5", "e\u0301", "\u00e9", "\u212b",
  "\ufb01", "--", "...", "http://a.b/c?d=1", "x_y", "\u{1f468}\u200d\u{1f469}\u200d\u{1f467}", "\u{1f1f8}\u{1f1ea}",
  "\u0130stanbul", "stra\u00dfe", "\u03a3\u03af\u03c3\u03c5\u03c6\u03bf\u03c2", "Hello", "world", "\u180e"];
const added = (tokenizer.tokenizer?.added_tokens ?? described().added_tokens ?? []).map((t) => t.content);
function text() {
  let out = "";
  for (let n = 1 + below(14); n > 0; --n) {
    const kind = below(10);
    if (kind < 3) out += words[below(words.length)];
    else if (kind === 3 && added.length) out += added[below(added.length)];
    else {
      const [from, to] = ranges[below(ranges.length)];
      for (let k = 1 + below(7); k > 0; --k) out += String.fromCodePoint(from + below(to - from + 1));
    }
    if (below(10) < 7) out += spaces[below(spaces.length)];
  }
  return out;
}

const texts = Array.from({ length: Number(count) }, text);
const input = texts.map((t) => Buffer.from(t, "utf8").toString("hex")).join("\n") + "\n";
const ours = execFileSync(lines, [folder], { input, maxBuffer: 1 << 28 }).toString().split("\n").slice(1);
let differ = 0, tokens = 0;
texts.forEach((t, i) => {
  const theirs = tokenizer.encode(t).ids.join(" ");
  tokens += theirs ? theirs.split(" ").length : 0;
  if (ours[i] === theirs) return;
  if (++differ <= 5) console.log(JSON.stringify(t), "\n  ours  ", ours[i], "\n  theirs", theirs);
});
console.log(`${texts.length - differ} passed, ${differ} failed (${tokens} tokens, ${folder})`);
process.exit(differ ? 1 : 0);
