(() => {
  const body = document.body, sections = [...document.querySelectorAll('.page')];
  const tip = document.getElementById('tip'), mark = document.getElementById('mark');
  const button = name => document.getElementById(name);
  const upright = matchMedia('(orientation: portrait) and (max-width: 820px)');
  const blank = document.getElementById('blank');
  const on = name => body.classList.contains(name);
  let now = 0, pointed = null, asleep = 0;

  const cells = region => {
    const list = [];
    for (let i = 6; i < region.length; i += 2)
      for (let k = 0; k < region[i + 1]; ++k) list.push(region[i] + k);
    return list;
  };

  // ---- pages
  // "#3" is the third page, "#step-3" the first page of step 3.
  function asked() {
    const step = location.hash.match(/^#step-(\d+)$/);
    if (step) return Math.max(0, sections.findIndex(s => s.dataset.step === step[1]));
    return (parseInt(location.hash.slice(1)) || 1) - 1;
  }
  function go(index) {
    now = Math.max(0, Math.min(sections.length - 1, index));
    sections.forEach((section, i) => section.classList.toggle('now', i === now));
    try {
      if (location.hash !== '#' + (now + 1)) history.replaceState(null, '', '#' + (now + 1));
    } catch { /* a frame without an address */ }
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
    if (!blank.hidden) {  // any key brings the page back
      blank.hidden = true;
      return event.preventDefault();
    }
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
      b: () => { blank.hidden = false; },
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
  blank.onclick = () => { blank.hidden = true; };
  button('back').onclick = () => go(now - 1);
  button('on').onclick = () => go(now + 1);
  button('with-notes').onclick = () => toggle('with-notes');
  button('overview').onclick = () => toggle('overview');
  addEventListener('scroll', hide, { passive: true });
  addEventListener('resize', hide);
  addEventListener('hashchange', () => go(asked()));
  upright.addEventListener('change', arrange);

  body.classList.add('show');
  now = asked();
  arrange();
})();
