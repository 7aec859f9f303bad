// The page of a class on a phone: asks the teacher's program what to show, and says what comes next.
// A random number tells this page from the others; it lives in this tab and nowhere else.
"use strict";

const kept = "stepscope" + location.pathname;
const part = (id) => document.getElementById(id);
const memory = (() => {
  const read = () => {
    try { return JSON.parse(sessionStorage.getItem(kept)) || {}; } catch { return {}; }
  };
  const all = read();
  return {
    all,
    keep() { try { sessionStorage.setItem(kept, JSON.stringify(all)); } catch { /* this page alone */ } },
  };
})();

let shown = null;      // the state on the page
let etag = "";
let sending = false;
let missed = 0;        // answers in a row that did not come
let over = false;      // no class has this code any more: who asks on would be trying codes

async function ask(path, body, voter) {
  const headers = {};
  if (voter) headers["Stepscope-Voter"] = voter;
  if (body) headers["Content-Type"] = "application/json";
  if (path === "state" && etag) headers["If-None-Match"] = etag;
  const control = new AbortController();
  const late = setTimeout(() => control.abort(), 8000);
  try {
    const answer = await fetch(path, {
      method: body ? "POST" : "GET", headers, body: body && JSON.stringify(body),
      cache: "no-store", credentials: "omit", signal: control.signal,
    });
    if (answer.status === 404) over = true;
    return answer;
  } finally {
    clearTimeout(late);
  }
}

async function join() {
  const answer = await ask("join", {});
  const said = await answer.json().catch(() => ({}));
  if (!answer.ok) {
    part("line").textContent = said.says || "The class cannot be reached";
    return false;
  }
  memory.all.voter = said.voter;
  memory.all.votes = {};
  memory.keep();
  return true;
}

function own(round) {
  return (memory.all.votes || {})[round];
}

function percent(p) {
  const value = p * 100;
  if (value < 0.01) return "< 0.01 %";
  return (value >= 10 ? value.toFixed(0) : value >= 1 ? value.toFixed(1) : value.toFixed(2)) + " %";
}
function bits(value) {
  return value.toFixed(value < 10 ? 2 : 1);
}

function token(text) {
  const span = document.createElement("span");
  span.className = "token";
  span.textContent = text;
  return span;
}

function offer(one, chosen) {
  const button = document.createElement("button");
  button.type = "button";
  button.textContent = one.shown;
  button.setAttribute("aria-pressed", String(one.id === chosen));
  button.addEventListener("click", () => vote({ id: one.id }));
  return button;
}

// Buttons keep their places and the focus: they are made anew only for another list.
function offers(place, list, chosen) {
  const key = JSON.stringify(list);
  if (place.dataset.key !== key) {
    place.dataset.key = key;
    place.replaceChildren(...list.map((one) => offer(one, chosen)));
  }
  list.forEach((one, i) => place.children[i].setAttribute("aria-pressed", String(one.id === chosen)));
}

function tellOwn() {
  const mine = own(shown.round);
  const place = part("mine");
  const parts = [];
  if (mine && shown.phase === "revealed") {
    const result = shown.results.find((one) => one.id === mine.id);
    if (result) {
      const large = document.createElement("strong");
      large.append(token(result.shown), ": " + bits(result.bits) + " bits");
      parts.push(large, "The model gave your token " + percent(result.probability) + ".");
    }
  } else if (mine) {
    parts.push("Your vote: ", token(mine.shown));
  } else if (shown.phase === "closed") {
    parts.push("You have not voted this time.");
  }
  const words = parts.map((one) => one.textContent || one).join("");
  if (place.textContent !== words) place.replaceChildren(...parts);
}

const phases = {
  look: "Look at the screen",
  vote: "What comes next?",
  closed: "Voting is closed",
  revealed: "What the guesses were worth",
};

function show(state) {
  const moved = !shown || shown.round !== state.round || shown.phase !== state.phase;
  shown = state;
  if (moved) {
    part("trouble").textContent = "";
    offers(part("pieces"), [], -1);
  }
  part("phase").textContent = phases[state.phase];
  document.title = phases[state.phase] + " · Stepscope";
  part("prompt").textContent = state.prompt;
  part("written").textContent = state.written;
  part("gap").hidden = state.phase === "look" || state.phase === "revealed";
  if (moved) part("text").scrollTop = part("text").scrollHeight;
  const mine = own(state.round);
  part("voting").hidden = state.phase !== "vote";
  if (state.phase === "vote") {
    part("typing").hidden = !state.types;
    part("choose").textContent = state.types ? "Or choose one" : "Choose one";
    offers(part("offers"), state.offers, mine ? mine.id : -1);
  }
  part("scores").hidden = state.phase !== "revealed";
  if (state.phase === "revealed") {
    part("means").textContent = state.votes > 0
      ? "The class: " + bits(state.class_bits) + " bits a guess. The model itself: " +
        bits(state.model_bits) + " bits."
      : "Nobody voted. The model itself: " + bits(state.model_bits) + " bits.";
    part("results").replaceChildren(...state.results.map((one) => {
      const row = document.createElement("tr");
      if (mine && mine.id === one.id) row.className = "own";
      for (const text of [one.shown, String(one.votes), percent(one.probability), bits(one.bits)]) {
        row.insertCell().textContent = text;
      }
      return row;
    }));
  }
  part("laptop").hidden = !memory.web;
  if (memory.web && state.run) {
    fetchLink().catch(() => {});
  } else {
    part("open").disabled = true;
  }
  tellOwn();
}

// The whole program in a tab of its own, on a laptop: a link holds the teacher's run. It is fetched
// before it is asked for, since browsers open a tab only at once.
let program = null;
let link = "";

async function fetchLink() {
  const answer = await ask("run", null, memory.all.voter);
  if (answer.status !== 200) return;
  ({ link } = await answer.json());
  part("open").disabled = false;
  follow();
}

function follow() {
  if (program && !program.closed && link && part("follow").checked) program.location.hash = link;
}

async function vote(what) {
  if (sending || !shown || shown.phase !== "vote") return;
  sending = true;
  part("trouble").textContent = "";
  const round = shown.round;
  try {
    const answer = await ask("vote", { round, ...what }, memory.all.voter);
    const said = await answer.json().catch(() => ({}));
    offers(part("pieces"), said.pieces || [], -1);
    if (answer.ok) {
      memory.all.votes = { ...memory.all.votes, [round]: { id: said.id, shown: said.shown } };
      memory.keep();
      part("word").value = "";
      if (shown.round === round) show(shown);
    } else if (said.why === "stranger") {
      memory.all.voter = "";
      part("trouble").textContent = (await join()) ? "Please vote once more." : "";
    } else if (said.why === "pieces") {
      const many = said.pieces.length;
      part("trouble").textContent = many
        ? "That is " + many + " tokens here, and one is asked for. Vote for one of its pieces, or type another word."
        : said.says;
    } else {
      part("trouble").textContent = said.says || "That did not work. Try again.";
    }
  } catch {
    part("trouble").textContent = "Your vote did not arrive. Try again.";
  } finally {
    sending = false;
  }
}

async function look() {
  try {
    if (!memory.all.voter && !(await join())) return 2000;
    const answer = await ask("state", null, memory.all.voter);
    if (answer.status === 200) {
      etag = answer.headers.get("ETag") || "";
      show(await answer.json());
    } else if (answer.status !== 304) {
      throw new Error(String(answer.status));
    }
    missed = 0;
    part("line").textContent = "";
  } catch {
    missed += 1;
    if (missed > 1) part("line").textContent = "The class cannot be reached. It may be over.";
  }
  if (over) part("line").textContent = "This class is over.";
  if (document.hidden) return 5000;
  return missed > 2 ? 4000 : 900 + Math.random() * 200;
}

let looking = false, next = 0;

async function go_on() {
  if (looking || over) return;
  looking = true;
  clearTimeout(next);
  next = setTimeout(go_on, await look());
  looking = false;
}

part("typing").addEventListener("submit", (event) => {
  event.preventDefault();
  const word = part("word").value;
  if (word.trim()) vote({ typed: word.trim() });
});
part("open").addEventListener("click", () => {
  program = window.open("web/index.html" + link, "stepscope-program");
});
part("follow").addEventListener("change", follow);
document.addEventListener("visibilitychange", () => { if (!document.hidden) go_on(); });
ask("laptop").then((answer) => answer.json()).then((said) => {
  memory.web = said.web;
  if (shown) show(shown);
}).catch(() => {});
go_on();
