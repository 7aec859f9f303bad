// The page's side of the program, linked with it: brings what happens on the page to glfw.cpp, and
// does what a program cannot do by itself.
addToLibrary({
  $page: {
    typing: false, // a text field of the window has the keyboard
    composing: false,
    entry: null, // the field that has it for the window: hidden, for keyboards on screens and for IMEs
    touch: null, // the finger that is the mouse
    handed: {}, // files that were downloads already, and when they were written

    mods: (event) => {
      const mac = /^Mac|iPad|iPhone/.test(navigator.platform);
      const other = event.getModifierState && event.getModifierState('AltGraph');
      return (event.shiftKey ? 1 : 0) | (!other && (event.ctrlKey || (mac && event.metaKey)) ? 2 : 0) |
        (!other && event.altKey ? 4 : 0) | (!mac && event.metaKey ? 8 : 0);
    },

    // The key's place, as GLFW names it.
    key: (code) => {
      const named = {
        Space: 32, Quote: 39, Comma: 44, Minus: 45, Period: 46, Slash: 47, Semicolon: 59, Equal: 61,
        BracketLeft: 91, Backslash: 92, BracketRight: 93, Backquote: 96, IntlBackslash: 162,
        Escape: 256, Enter: 257, Tab: 258, Backspace: 259, Insert: 260, Delete: 261, ArrowRight: 262,
        ArrowLeft: 263, ArrowDown: 264, ArrowUp: 265, PageUp: 266, PageDown: 267, Home: 268, End: 269,
        NumpadDecimal: 330, NumpadDivide: 331, NumpadMultiply: 332, NumpadSubtract: 333,
        NumpadAdd: 334, NumpadEnter: 335, NumpadEqual: 336, ShiftLeft: 340, ControlLeft: 341,
        AltLeft: 342, MetaLeft: 343, ShiftRight: 344, ControlRight: 345, AltRight: 346,
        MetaRight: 347, ContextMenu: 348,
      };
      if (named[code]) return named[code];
      const [, kind, which] = /^(Key|Digit|Numpad|F)(.+)$/.exec(code) || [];
      if (kind === 'Key' || kind === 'Digit') return which.charCodeAt(0);
      if (kind === 'Numpad' && which <= 9) return 320 + Number(which);
      if (kind === 'F' && which <= 25) return 289 + Number(which);
      return 0;
    },

    // What a browser does itself and should: to leave, to look behind the page, to load it again.
    browsers: (event, mods) => {
      const letter = event.key.toLowerCase();
      if (event.key === 'F12' || event.key === 'F11' || (mods & 4) || (mods & 8)) return true;
      if (!(mods & 2)) return false;
      return 'rtnwqj'.includes(letter) || letter === 'tab' || ((mods & 1) && letter === 'i');
    },

    onKey: (event, action) => {
      if (event.isComposing || event.keyCode === 229) return; // its text comes as input
      const mods = page.mods(event), key = page.key(event.code);
      if (page.browsers(event, mods)) return;
      const letter = [...event.key].length === 1;
      const pastes = (mods & 2) && event.key.toLowerCase() === 'v';
      if (pastes) return; // as an event of its own
      const types = letter && !(mods & 2);
      if (!(types && page.typing)) event.preventDefault();
      if (key) {
        withStackSave(() => _page_key(key, stringToUTF8OnStack(letter ? event.key.toLowerCase() : ''),
          action, mods));
      }
      if (action && types && !page.typing) _page_character(event.key.codePointAt(0));
    },

    press: (key) => {
      for (const action of [1, 0]) {
        withStackSave(() => _page_key(key, stringToUTF8OnStack(''), action, 0));
      }
    },

    // What was typed into the hidden field is taken out of it; something stays there to be deleted.
    onInput: (event) => {
      if (event.isComposing) return;
      if (event.inputType === 'deleteContentBackward') page.press(259);
      else if (event.inputType === 'insertLineBreak') page.press(257);
      else for (const c of page.entry.value.replace('\u200b', '')) _page_character(c.codePointAt(0));
      page.emptyEntry();
    },

    emptyEntry: () => {
      page.entry.value = '\u200b';
      page.entry.setSelectionRange(1, 1);
    },

    at: (event) => {
      const box = Module.canvas.getBoundingClientRect();
      _page_pointer(event.clientX - box.left, event.clientY - box.top);
    },

    button: (event, action) => {
      _page_button([0, 2, 1][event.button] || 0, action, page.mods(event));
    },

    // A finger is the mouse; held still it is the other button.
    beginTouch: (event) => {
      if (page.touch) return page.endTouch(event, true);
      page.at(event);
      page.button(event, 1);
      page.touch = {id: event.pointerId, x: event.clientX, y: event.clientY};
      page.touch.held = setTimeout(() => {
        page.endTouch(event, true);
        page.at(event);
        _page_button(1, 1, 0);
        _page_button(1, 0, 0);
      }, 550);
    },

    moveTouch: (event) => {
      const touch = page.touch;
      if (!touch || touch.id !== event.pointerId) return;
      if (Math.hypot(event.clientX - touch.x, event.clientY - touch.y) > 8) clearTimeout(touch.held);
      page.at(event);
    },

    endTouch: (event, given_up) => {
      if (!page.touch) return;
      clearTimeout(page.touch.held);
      page.touch = null;
      if (given_up) _page_enter(0); // where nothing is, nothing is clicked
      _page_button(0, 0, 0);
    },

    // Files and folders that were dropped or chosen, as a folder of the program's.
    take: async (entries) => {
      const files = [];
      const walk = async (entry, path) => {
        if (entry.isFile) {
          files.push([path, await new Promise((done, failed) => entry.file(done, failed))]);
        } else {
          const reader = entry.createReader();
          for (;;) {
            const some = await new Promise((done, failed) => reader.readEntries(done, failed));
            if (!some.length) break;
            for (const one of some) await walk(one, path + '/' + one.name);
          }
        }
      };
      for (const entry of entries) await walk(entry, '/' + entry.name);
      await page.takeFiles(files);
    },

    // All but the last, which is open.
    forgetDropped: () => {
      if (!FS.analyzePath('/dropped').exists) return;
      const remove = (path) => {
        if (!FS.isDir(FS.stat(path).mode)) return FS.unlink(path);
        for (const name of FS.readdir(path)) if (name !== '.' && name !== '..') remove(path + '/' + name);
        FS.rmdir(path);
      };
      for (const name of FS.readdir('/dropped').filter((name) => !name.startsWith('.')).sort().slice(0, -1)) {
        remove('/dropped/' + name);
      }
    },

    // In pieces: one of a model's size would hold the page up.
    copy: async (file, path) => {
      const piece = 1 << 22, stream = FS.open(path, 'w');
      FS.ftruncate(stream.fd, file.size);
      for (let at = 0; at < file.size; at += piece) {
        const bytes = new Uint8Array(await file.slice(at, at + piece).arrayBuffer());
        FS.write(stream, bytes, 0, bytes.length, at);
      }
      FS.close(stream);
    },

    takeFiles: async (files) => {
      const folder = '/dropped/' + Date.now(); // what is below HOME is handed over
      // What a model or a run is made of; checkpoints in other forms are large and of no use.
      const known = /\.(json|safetensors|txt|bpe|model|index|meta|data-\d+-of-\d+)$|\/checkpoint$/;
      const wanted = files.filter(([path]) => known.test(path));
      if (!wanted.length) return;
      page.forgetDropped();
      for (const [path, file] of wanted) {
        FS.mkdirTree(folder + path.slice(0, path.lastIndexOf('/')));
        await page.copy(file, folder + path);
      }
      // One file is what is meant; else the folder that has a configuration.
      const config = wanted.map(([path]) => path).find((path) => /\/(config|hparams)\.json$/.test(path));
      const meant = wanted.length === 1 || !config ? wanted[0][0] : config.slice(0, config.lastIndexOf('/'));
      page.open(folder + meant);
    },

    // A file, a folder, or a link.
    open: (what) => page.told(_page_drop, what),

    // Text of any length does not fit on the stack.
    told: (act, text) => {
      const bytes = stringToNewUTF8(text);
      act(bytes);
      _free(bytes);
    },

    onDrop: (event) => {
      event.preventDefault();
      const items = [...event.dataTransfer.items].map((item) => item.webkitGetAsEntry()).filter(Boolean);
      page.take(items).catch((failure) => err('drop: ' + failure));
    },

    download: (path) => {
      const link = document.createElement('a');
      link.href = URL.createObjectURL(new Blob([FS.readFile(path)]));
      link.download = path.slice(path.lastIndexOf('/') + 1);
      link.click();
      setTimeout(() => URL.revokeObjectURL(link.href), 60000);
    },

    // For each picture ImGui asks what it is about to change, and puts it back. An answer waits until
    // the browser has drawn all that it was told to; nobody else draws here, so the first one will do.
    answerAtOnce: () => {
      const ask = GLctx.getParameter.bind(GLctx), known = {};
      const asked = [GLctx.SCISSOR_BOX, GLctx.BLEND_SRC_RGB, GLctx.BLEND_DST_RGB, GLctx.BLEND_SRC_ALPHA,
        GLctx.BLEND_DST_ALPHA, GLctx.BLEND_EQUATION_RGB, GLctx.BLEND_EQUATION_ALPHA];
      GLctx.getParameter = (name) => asked.includes(name) ? known[name] ??= ask(name) : ask(name);
    },

    // Everything below a folder that is new there.
    handOver: (folder) => {
      if (!FS.analyzePath(folder).exists) return;
      for (const name of FS.readdir(folder)) {
        if (name.startsWith('.')) continue; // what is not whole yet, and what the program keeps
        const path = folder + '/' + name, info = FS.stat(path);
        if (FS.isDir(info.mode)) {
          page.handOver(path);
        } else if (page.handed[path] !== info.mtime.getTime()) {
          page.handed[path] = info.mtime.getTime();
          if (page.listening) page.download(path);
        }
      }
    },
  },

  page_listen__deps: ['$page', '$GL', '$FS', '$ENV', '$stringToUTF8OnStack', '$withStackSave',
    '$stringToNewUTF8', 'free', 'page_hand_over'],
  page_listen: () => {
    const canvas = Module.canvas, entry = document.createElement('textarea');
    page.entry = entry;
    entry.id = 'entry';
    page.emptyEntry();
    entry.autocapitalize = 'off';
    entry.setAttribute('aria-label', 'Text for the window');
    document.body.append(entry);
    const on = (target, name, act) => target.addEventListener(name, act, {passive: false});

    on(window, 'keydown', (event) => page.onKey(event, event.repeat ? 2 : 1));
    on(window, 'keyup', (event) => page.onKey(event, 0));
    on(entry, 'input', page.onInput);
    on(entry, 'compositionend', (event) => {
      for (const c of event.data) _page_character(c.codePointAt(0));
      page.emptyEntry();
    });
    on(window, 'paste', (event) => {
      event.preventDefault();
      page.told(_page_paste, event.clipboardData.getData('text/plain'));
    });

    on(canvas, 'pointerdown', (event) => {
      event.preventDefault();
      (page.typing ? entry : canvas).focus({preventScroll: true});
      canvas.setPointerCapture(event.pointerId);
      entry.style.left = event.clientX + 'px';
      entry.style.top = event.clientY + 'px';
      if (event.pointerType === 'touch') return page.beginTouch(event);
      page.at(event);
      page.button(event, 1);
    });
    on(canvas, 'pointermove', (event) => {
      event.pointerType === 'touch' ? page.moveTouch(event) : page.at(event);
    });
    on(canvas, 'pointerup', (event) => {
      if (event.pointerType === 'touch') return page.endTouch(event, false);
      page.button(event, 0);
    });
    on(canvas, 'pointercancel', (event) => page.endTouch(event, true));
    on(canvas, 'pointerenter', (event) => event.pointerType === 'touch' || _page_enter(1));
    on(canvas, 'pointerleave', (event) => event.pointerType === 'touch' || _page_enter(0));
    on(canvas, 'contextmenu', (event) => event.preventDefault());
    on(canvas, 'wheel', (event) => {
      event.preventDefault();
      const way = event.deltaY || event.deltaX;
      if (way) _page_wheel(way > 0 ? -1 : 1, page.mods(event));
    });

    on(window, 'dragover', (event) => event.preventDefault());
    on(window, 'drop', page.onDrop);
    on(document, 'fullscreenchange', () => document.fullscreenElement || _page_left_full_screen());
    on(canvas, 'webglcontextlost', () => FS.syncfs(false, () => location.reload()));
    on(window, 'pagehide', () => FS.syncfs(false, () => {}));
    new ResizeObserver(() => _page_resize()).observe(canvas);
    // Another screen, or another zoom of the browser.
    const watchDensity = () => {
      const now = matchMedia('(resolution: ' + devicePixelRatio + 'dppx)');
      now.addEventListener('change', () => { _page_resize(); watchDensity(); }, {once: true});
    };
    watchDensity();
    page.answerAtOnce();
    _page_hand_over();
    page.listening = true;
    Module.takeFiles = page.takeFiles;
    Module.open = page.open;
    Module.onWindow?.();
  },

  page_width: () => Module.canvas.clientWidth,
  page_height: () => Module.canvas.clientHeight,
  page_density: () => devicePixelRatio,
  page_set_canvas: (width, height) => {
    Module.canvas.width = width;
    Module.canvas.height = height;
  },
  page_set_cursor: (name) => { Module.canvas.style.cursor = UTF8ToString(name); },

  page_set_clipboard__deps: ['$page'],
  page_set_clipboard: (text) => {
    const words = UTF8ToString(text);
    // Only pages that came encrypted, or from this machine, have a clipboard to write to.
    const select = () => {
      page.entry.value = words;
      page.entry.select();
      document.execCommand('copy');
      page.emptyEntry();
      if (!page.typing) Module.canvas.focus();
    };
    if (navigator.clipboard) navigator.clipboard.writeText(words).catch(select);
    else select();
  },

  page_fill_screen: (fill) => {
    const done = fill ? document.documentElement.requestFullscreen() :
      document.fullscreenElement && document.exitFullscreen();
    done?.catch(() => _page_left_full_screen());
  },

  page_want_keyboard__deps: ['$page'],
  page_want_keyboard: (wanted) => {
    page.typing = wanted !== 0;
    (wanted ? page.entry : Module.canvas).focus({preventScroll: true});
  },

  page_address__deps: ['$stringToNewUTF8'],
  page_address: () => stringToNewUTF8(location.href.split('#')[0]),

  // Once in a while is often enough.
  page_hand_over__deps: ['$page', '$FS', '$ENV'],
  page_hand_over: () => {
    const now = performance.now();
    if (page.listening && now < page.handedOver + 250) return;
    page.handedOver = now;
    page.handOver(ENV.HOME);
    page.handOver(ENV.XDG_DATA_HOME + '/stepscope/runs');
  },

  // For app/run/web/desktop.cpp, perhaps from the worker's thread.
  page_copy_png__proxy: 'sync',
  page_copy_png: (bytes, size) => {
    if (!navigator.clipboard?.write || typeof ClipboardItem === 'undefined') return 0;
    const png = new Blob([HEAPU8.slice(bytes, bytes + size)], {type: 'image/png'});
    navigator.clipboard.write([new ClipboardItem({'image/png': png})]).catch((why) => err('copy: ' + why));
    return 1;
  },

  page_choose_folder__deps: ['$page'],
  page_choose_folder: () => {
    const input = document.createElement('input');
    input.type = 'file';
    input.webkitdirectory = true;
    input.onchange = () => page.takeFiles([...input.files].map((file) => ['/' + file.webkitRelativePath, file]));
    input.click();
  },

  page_wants_less_motion: () => matchMedia('(prefers-reduced-motion: reduce)').matches ? 1 : 0,

  page_close: () => FS.syncfs(false, () => Module.onClose?.()),
});
