#include "viz/slides/html_script.h"

namespace viz {

// The colours are variables of :root, written before this.
const char* const deck_style = R"css(
* { box-sizing: border-box; }
html, body { margin: 0; height: 100%; }
body { background: var(--card); color: var(--text); font: 16px/1.5 Inter, 'DejaVu Sans', system-ui,
  sans-serif; -webkit-text-size-adjust: 100%; --sheet: 0px; }
svg { display: block; white-space: pre; font-kerning: none; font-variant-ligatures: none; }
.page { position: relative; break-inside: avoid; }
.page > svg { width: 100%; height: auto; }
.words h2 { margin: 0; font-size: 22px; line-height: 1.3; font-weight: 600; }
.caption { margin: 0; font-size: 14px; color: var(--muted); overflow-wrap: anywhere; }
.notes { white-space: pre-wrap; overflow-wrap: anywhere; }
.notes:empty::before { content: "No notes."; color: var(--muted); }
.words, .notes, .parts, #controls, #progress, #tip, #mark { display: none; }

/* One page at a time, as soon as the script runs. */
.show .page { display: none; }
.show .page.now { display: flex; align-items: center; justify-content: center;
  height: calc(100vh - var(--sheet)); height: calc(100dvh - var(--sheet)); }
.show .page > svg { width: 100%; height: 100%; }
.show #progress { display: block; position: fixed; z-index: 2; left: 0; bottom: 0; height: 4px;
  background: var(--accent); transition: width .15s; }
.show #controls { display: flex; position: fixed; z-index: 3; left: 50%; bottom: 14px; gap: 2px;
  transform: translateX(-50%); padding: 4px; border-radius: 12px; background: var(--card);
  border: 1px solid var(--border); box-shadow: 0 4px 18px rgba(0, 0, 0, .14); opacity: 0;
  transition: opacity .15s; align-items: center; }
.show.awake #controls, #controls:focus-within { opacity: 1; }
.show:not(.awake) #controls:not(:focus-within) { pointer-events: none; }
#controls button { font: inherit; font-size: 14px; color: var(--text); background: none; border: 0;
  border-radius: 8px; min-height: 36px; min-width: 40px; padding: 0 10px; cursor: pointer; }
#controls button:hover { background: var(--inset); }
#controls button:focus-visible { outline: 2px solid var(--accent); }
#controls button[aria-pressed=true] { background: var(--soft); color: var(--accent); }
#controls button:disabled { color: var(--faint); cursor: default; }
#number { min-width: 72px; text-align: center; font-size: 14px; color: var(--muted);
  font-variant-numeric: tabular-nums; white-space: nowrap; }
.show.with-notes { --sheet: 30vh; }
.show.with-notes .page.now .notes { display: block; position: fixed; left: 0; right: 0; bottom: 0;
  height: 30vh; overflow: auto; padding: 16px 4.2vw 56px; background: var(--inset);
  border-top: 1px solid var(--border); }

#mark { position: fixed; z-index: 1; pointer-events: none; border: 2px solid var(--accent);
  border-radius: 3px; }
#tip { position: fixed; z-index: 4; pointer-events: none; max-width: min(480px, 92vw);
  padding: 8px 12px; border-radius: 8px; background: var(--tip); color: var(--on-tip);
  font-size: 14px; line-height: 1.45; white-space: pre-wrap; overflow-wrap: anywhere;
  box-shadow: 0 4px 18px rgba(0, 0, 0, .25); }
#tip.on, #mark.on { display: block; }
#tip b { font-weight: 600; }

/* All pages, small. */
.show.overview { background: var(--around); }
.show.overview main { display: grid; gap: 20px; padding: 24px 24px 88px;
  grid-template-columns: repeat(auto-fill, minmax(min(300px, 100%), 1fr)); }
.show.overview .page { display: block; height: auto; background: var(--card); cursor: pointer;
  border-radius: 8px; overflow: hidden; outline: 1px solid var(--border);
  content-visibility: auto; contain-intrinsic-size: auto 300px auto 170px; }
.show.overview .page > svg { height: auto; pointer-events: none; }
.show.overview .page.now { outline: 3px solid var(--accent); }
.show.overview .page .notes, .show.overview #progress { display: none; }

/* An upright screen: title, the parts of the figure and the caption below one another. */
.show.stacked:not(.overview) { --sheet: 0px; }
.show.stacked:not(.overview) .page.now { display: block; height: auto; min-height: 100vh;
  padding: 16px 0 96px; }
.show.stacked:not(.overview) .page.now > svg { display: none; }
.show.stacked:not(.overview) .words { display: block; padding: 0 16px; }
.show.stacked:not(.overview) .words.below { padding-top: 16px; }
.show.stacked:not(.overview) .parts { display: block; }
.show.stacked .parts > div { overflow-x: auto; scrollbar-width: none; margin-top: 14px;
  padding: 0 16px; }
.show.stacked .parts svg { width: 100%; height: auto; }
.show.stacked .parts .strip svg { width: auto; height: 42px; }
.show.stacked.with-notes .page.now .notes { position: static; height: auto; margin: 16px;
  padding: 12px 16px; border: 1px solid var(--border); border-radius: 8px; font-size: 15px; }
.show.stacked #controls { opacity: 1; pointer-events: auto; left: 0; right: 0; bottom: 0;
  transform: none; border-radius: 0; border-width: 1px 0 0; padding: 6px 10px;
  padding-bottom: calc(6px + env(safe-area-inset-bottom)); justify-content: space-between; }
.show.stacked #controls button { min-height: 44px; }
.show.stacked #progress { bottom: auto; top: 0; }

@media print {
  @page { size: var(--sheet-size); margin: 0; }
  html, body { height: auto; }
  .page, .show .page, .show.overview .page, .show.stacked:not(.overview) .page.now { display: block;
    height: auto; min-height: 0; padding: 0; outline: 0; border-radius: 0; break-after: page;
    content-visibility: visible; -webkit-print-color-adjust: exact; print-color-adjust: exact; }
  .page:last-of-type { break-after: auto; }
  .show.overview main { display: block; padding: 0; }
  .page > svg, .show .page > svg, .show.stacked:not(.overview) .page.now > svg { display: block;
    width: 100vw; height: auto; }
  .page .words, .page .notes, .page .parts, #controls, #progress, #tip, #mark {
    display: none !important; }
}
)css";

const char* const deck_words_script = R"js(
'use strict';
// Words of all pages: lines, and sayings of several lines. Saying 0 is empty.
const lines = [], sayings = [[]], pages = [];
// `regions`: [x, y, width, height, rows, columns, first saying, how many that follow it, ...].
function add(newLines, newSayings, regions, parts) {
  for (const line of newLines) lines.push(line);
  for (const saying of newSayings) sayings.push(saying);
  pages.push({ regions, parts });
}
)js";

const char* const deck_script = R"js(
(() => {
  const body = document.body, sections = [...document.querySelectorAll('.page')];
  const tip = document.getElementById('tip'), mark = document.getElementById('mark');
  const button = name => document.getElementById(name);
  const upright = matchMedia('(orientation: portrait) and (max-width: 820px)');
  const on = name => body.classList.contains(name);
  let now = 0, pointed = null, asleep = 0;

  const cells = region => {
    const list = [];
    for (let i = 6; i < region.length; i += 2)
      for (let k = 0; k < region[i + 1]; ++k) list.push(region[i] + k);
    return list;
  };

  // ---- pages
  function go(index) {
    now = Math.max(0, Math.min(sections.length - 1, index));
    sections.forEach((section, i) => section.classList.toggle('now', i === now));
    if (location.hash !== '#' + (now + 1)) history.replaceState(null, '', '#' + (now + 1));
    button('progress').style.width = 100 * (now + 1) / sections.length + '%';
    button('number').textContent = now + 1 + ' / ' + sections.length;
    button('back').disabled = now === 0;
    button('on').disabled = now === sections.length - 1;
    hide();
    if (on('stacked')) {
      stack(sections[now], pages[now]);
      scrollTo(0, 0);
      // The end of the ribbon, where the next token is.
      const strip = sections[now].querySelector('.strip');
      if (strip) strip.scrollLeft = strip.scrollWidth;
    }
    if (on('overview')) sections[now].scrollIntoView({ block: 'nearest' });
  }
  // The figure once more for each of its parts, cut out.
  function stack(section, page) {
    const parts = section.querySelector('.parts');
    if (parts.childElementCount) return;
    for (const [x, y, w, h] of page.parts) {
      const svg = section.querySelector('svg').cloneNode(true);
      const frame = document.createElement('div');
      svg.setAttribute('viewBox', [x, y, w, h].join(' '));
      if (w > 6 * h) {
        frame.className = 'strip';
        svg.style.aspectRatio = w + ' / ' + h;
      }
      frame.append(svg);
      parts.append(frame);
    }
  }
  function arrange() {
    body.classList.toggle('stacked', upright.matches);
    go(now);
  }
  function toggle(name) {
    const is = body.classList.toggle(name);
    button(name).setAttribute('aria-pressed', is);
    hide();
    if (name === 'overview') go(now);
  }
  const overview = wanted => { if (on('overview') !== wanted) toggle('overview'); };
  const wake = () => {
    body.classList.add('awake');
    clearTimeout(asleep);
    asleep = setTimeout(() => body.classList.remove('awake'), 2500);
  };

  // ---- what is pointed at
  function find(x, y) {
    const svg = document.elementFromPoint(x, y)?.closest?.('.page.now svg');
    if (!svg || on('overview')) return null;
    const matrix = svg.getScreenCTM(), at = new DOMPoint(x, y).matrixTransform(matrix.inverse());
    const { regions } = pages[now];
    for (let i = regions.length - 1; i >= 0; --i) {
      const [left, top, w, h, rows, columns] = regions[i];
      if (at.x < left || at.y < top || at.x >= left + w || at.y >= top + h) continue;
      const column = Math.min(columns - 1, Math.floor((at.x - left) / w * columns));
      const row = Math.min(rows - 1, Math.floor((at.y - top) / h * rows));
      regions[i].cells ??= cells(regions[i]);
      const saying = sayings[regions[i].cells[row * columns + column]];
      if (!saying.length) return null;
      const corner = (c, r) =>
        new DOMPoint(left + w * c / columns, top + h * r / rows).matrixTransform(matrix);
      const from = corner(column, row), to = corner(column + 1, row + 1);
      return { key: [i, row, column].join(), saying, from, to };
    }
    return null;
  }
  function hide() {
    pointed = null;
    tip.classList.remove('on');
    mark.classList.remove('on');
  }
  function point(x, y) {
    const found = find(x, y);
    if (!found) return hide();
    if (pointed === found.key) return;
    pointed = found.key;
    tip.replaceChildren(...found.saying.map((line, i) => {
      const part = document.createElement(i ? 'div' : 'b');
      part.textContent = lines[line];
      return part;
    }));
    const { from, to } = found;
    mark.style.cssText = `left:${from.x - 1}px;top:${from.y - 1}px;` +
      `width:${to.x - from.x + 2}px;height:${to.y - from.y + 2}px`;
    tip.classList.add('on');
    mark.classList.add('on');
    // Above what it speaks of, else below it; inside the window.
    const box = tip.getBoundingClientRect(), width = document.documentElement.clientWidth;
    const left = (from.x + to.x - box.width) / 2;
    tip.style.left = Math.max(8, Math.min(width - box.width - 8, left)) + 'px';
    const above = from.y - box.height - 8;
    tip.style.top =
      (above >= 8 ? above : Math.min(to.y + 8, innerHeight - box.height - 8)) + 'px';
  }

  // ---- keys, mouse, fingers
  addEventListener('keydown', event => {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    if (event.target.tagName === 'BUTTON' && [' ', 'Enter'].includes(event.key)) return;
    const rows = on('overview') ? getComputedStyle(document.querySelector('main'))
      .gridTemplateColumns.split(' ').length : 1;
    const actions = {
      ArrowRight: () => go(now + 1), ArrowLeft: () => go(now - 1),
      ArrowDown: () => go(now + rows), ArrowUp: () => go(now - rows),
      PageDown: () => go(now + 1), PageUp: () => go(now - 1),
      Home: () => go(0), End: () => go(sections.length - 1),
      ' ': () => go(now + (event.shiftKey ? -1 : 1)),
      Enter: () => on('overview') ? overview(false) : go(now + 1),
      Backspace: () => go(now - 1),
      n: () => toggle('with-notes'), o: () => toggle('overview'), Escape: () => toggle('overview'),
      f: () => document.fullscreenElement ? document.exitFullscreen()
                                          : document.documentElement.requestFullscreen?.(),
    };
    const action = actions[event.key.length === 1 ? event.key.toLowerCase() : event.key];
    if (!action) return;
    event.preventDefault();
    action();
  });
  addEventListener('pointermove', event => {
    if (event.pointerType === 'touch') return;
    touched = false;
    wake();
    if (event.target.closest?.('#controls')) hide();
    else point(event.clientX, event.clientY);
  });
  document.documentElement.addEventListener('pointerleave', hide);
  let down = null, swiped = false, touched = false;  // not every click says by what
  addEventListener('touchstart', event => {
    down = event.touches.length === 1 && !event.target.closest('.strip') ? event.touches[0] : null;
    swiped = false;
    touched = true;
  }, { passive: true });
  addEventListener('touchend', event => {
    const up = event.changedTouches[0];
    if (!down || on('overview') || (window.visualViewport?.scale ?? 1) > 1.05) return;
    const x = up.clientX - down.clientX, y = up.clientY - down.clientY;
    if (Math.abs(x) < 50 || Math.abs(x) < 2 * Math.abs(y)) return;
    swiped = true;
    go(now + (x < 0 ? 1 : -1));
  }, { passive: true });
  document.querySelector('main').addEventListener('click', event => {
    if (swiped || event.target.closest('.notes') || String(getSelection())) return;
    const section = event.target.closest('.page');
    if (on('overview')) {
      if (!section) return;
      go(sections.indexOf(section));
      overview(false);
      return;
    }
    wake();
    // A finger asks for values where there are any; in a stack nothing else is tapped.
    if (touched || on('stacked')) {
      const before = pointed;
      point(event.clientX, event.clientY);
      if (pointed || before || on('stacked')) return;
    }
    go(now + (event.clientX < innerWidth / 4 ? -1 : 1));
  });
  button('back').onclick = () => go(now - 1);
  button('on').onclick = () => go(now + 1);
  button('with-notes').onclick = () => toggle('with-notes');
  button('overview').onclick = () => toggle('overview');
  addEventListener('scroll', hide, { passive: true });
  addEventListener('resize', hide);
  addEventListener('hashchange', () => go((parseInt(location.hash.slice(1)) || 1) - 1));
  upright.addEventListener('change', arrange);

  body.classList.add('show');
  now = (parseInt(location.hash.slice(1)) || 1) - 1;
  arrange();
})();
)js";

}  // namespace viz
