// What the pages gain by a script. All of their text is there without it, so each part below looks for
// what it works on, and does nothing where that is missing. Texts of documents only ever go in as text
// nodes, never as markup.
(() => {
  'use strict';

  // The site's root, told by this file's own address: pages lie at several depths, and open from disk too.
  const root = new URL('..', document.currentScript.src);

  // ---- Small helps ----

  /** An element with properties and children; a child that is a string becomes a text node. */
  function make(name, properties = {}, ...children) {
    const element = document.createElement(name);
    for (const [key, value] of Object.entries(properties)) {
      if (key.includes('-') || key === 'role') element.setAttribute(key, value);
      else element[key] = value;
    }
    element.append(...children);
    return element;
  }

  const all = (selector, within = document) => [...within.querySelectorAll(selector)];

  /** What is remembered from page to page, where the browser allows it. */
  const memory = {
    get(key) { try { return localStorage.getItem('counterpart.' + key); } catch { return null; } },
    set(key, value) { try { localStorage.setItem('counterpart.' + key, value); } catch { /* Then for this page alone. */ } },
  };

  const spoken = make('div', { className: 'quiet', role: 'status' });
  /** Lets a screen reader say it. The same words twice are said twice. */
  function say(text) {
    spoken.textContent = '';
    setTimeout(() => { spoken.textContent = text; }, 50);
  }

  // ---- Places: a link to what lies in closed details or behind a tab shows it ----

  function reveal() {
    let target;
    try { target = document.getElementById(decodeURIComponent(location.hash.slice(1))); } catch { /* A malformed escape names nothing. */ }
    if (!target) return;
    let moved = false;
    for (let at = target; at; at = at.parentElement) {
      if (at.tagName === 'DETAILS' && !at.open) { at.open = true; moved = true; }
      if (at.classList.contains('sample') && at.hidden) { choose(at.dataset.lang); moved = true; }
    }
    if (moved) target.scrollIntoView();
  }

  /** Paper can't be clicked: all is open while it prints. */
  function printing() {
    let closed = [];
    addEventListener('beforeprint', () => {
      closed = all('details:not([open])');
      for (const details of closed) details.open = true;
    });
    addEventListener('afterprint', () => {
      for (const details of closed) details.open = false;
    });
  }

  // ---- Theme ----

  function theme(tools) {
    const names = ['auto', 'light', 'dark'];
    let now = document.documentElement.dataset.theme ?? 'auto';
    const button = make('button', { type: 'button' });
    const show = () => {
      button.textContent = `Theme: ${now}`;
      if (now === 'auto') delete document.documentElement.dataset.theme;
      else document.documentElement.dataset.theme = now;
    };
    button.addEventListener('click', () => {
      now = names[(names.indexOf(now) + 1) % names.length];
      memory.set('theme', now);
      show();
    });
    show();
    tools.append(button);
  }

  // ---- Copying ----

  /** Puts text on the clipboard: true if that went well. `text` may be a promise, as for what is fetched. */
  async function copy(text, shown) {
    try {
      if (typeof text === 'string') await navigator.clipboard.writeText(text);
      // Browsers that let only a click reach the clipboard want the item at once, and its text may follow.
      else await navigator.clipboard.write([new ClipboardItem({ 'text/plain': text.then((t) => new Blob([t], { type: 'text/plain' })) })]);
      return true;
    } catch {
      if (!shown) return false;
      // Without a secure origin there is no clipboard. What is selected can be copied by hand.
      getSelection().selectAllChildren(shown);
      return document.execCommand?.('copy') ?? false;
    }
  }

  function told(button, done, otherwise) {
    const label = button.dataset.label ??= button.textContent;
    button.textContent = done ? 'Copied' : otherwise;
    say(button.textContent);
    setTimeout(() => { button.textContent = label; }, 1600);
  }

  function copying() {
    for (const figure of all('.code')) {
      const code = figure.querySelector('code');
      const title = figure.querySelector('figcaption')?.textContent;
      const button = make('button', { type: 'button', className: 'copy', 'aria-label': title ? `Copy: ${title}` : 'Copy' }, 'Copy');
      button.addEventListener('click', async () => told(button, await copy(code.textContent, code), 'Selected'));
      figure.prepend(button);
    }
    const twin = document.querySelector('link[rel="alternate"][type="text/markdown"]');
    const actions = document.querySelector('.actions');
    if (!twin || !actions) return;
    const button = make('button', { type: 'button' }, 'Copy as Markdown');
    button.addEventListener('click', async () => {
      // From disk nothing can be fetched: the file is shown instead.
      if (location.protocol === 'file:') { location.href = twin.href; return; }
      const text = fetch(twin.href).then((reply) => reply.ok ? reply.text() : Promise.reject(reply.status));
      if (await copy(text)) told(button, true);
      else location.href = twin.href;
    });
    actions.prepend(make('li', {}, button));
  }

  // ---- Samples: one language at a time, the same in every group and on every page ----

  const groups = [];
  function choose(language) {
    for (const group of groups) group(language);
  }

  function samples() {
    for (const [at, box] of all('.samples').entries()) {
      const panels = all(':scope > .sample', box);
      if (panels.length < 2) continue;
      const list = make('div', { className: 'tabs', role: 'tablist', 'aria-label': 'Language' });
      const tabs = panels.map((panel, n) => {
        const tab = make('button', { type: 'button', id: `tab-${at}-${n}`, role: 'tab', 'aria-controls': panel.id }, panel.querySelector('h3').textContent);
        panel.setAttribute('role', 'tabpanel');
        panel.setAttribute('aria-labelledby', tab.id);
        tab.addEventListener('click', () => { choose(panel.dataset.lang); memory.set('language', panel.dataset.lang); });
        return tab;
      });
      const show = (language) => {
        const found = panels.findIndex((panel) => panel.dataset.lang === language);
        if (found < 0) return;          // This group has no such language and keeps its own.
        panels.forEach((panel, n) => {
          panel.hidden = n !== found;
          tabs[n].setAttribute('aria-selected', n === found);
          tabs[n].tabIndex = n === found ? 0 : -1;
        });
      };
      list.addEventListener('keydown', (event) => {
        const step = { ArrowRight: 1, ArrowLeft: -1 }[event.key] * (getComputedStyle(list).direction === 'rtl' ? -1 : 1);
        const now = tabs.indexOf(document.activeElement);
        const next = event.key === 'Home' ? 0 : event.key === 'End' ? tabs.length - 1 : (now + step + tabs.length) % tabs.length;
        if (!tabs[next]) return;
        event.preventDefault();
        tabs[next].click();
        tabs[next].focus();
      });
      list.append(...tabs);
      box.prepend(list);
      show(panels[0].dataset.lang);
      groups.push(show);
    }
    choose(memory.get('language'));
  }

  // ---- Colours of code: ranges over the text as it is, so that the pages carry no markup for them ----

  const words = { sh: 'curl', js: 'const|await|new|async', py: 'import|print|True|False|None', rs: 'use|async|fn|let|mut|await|Ok' };
  function colours() {
    if (!window.Highlight || !CSS.highlights) return;
    const kinds = Object.fromEntries(['key', 'text', 'number', 'word', 'remark'].map((name) => [name, new Highlight()]));
    const paint = (code) => {
      const language = code.dataset.lang;
      const node = code.firstChild;
      if (!node || node.nodeType !== 3 || node.length > 50000 || language === 'http') return;
      const word = words[language] ?? 'true|false|null';
      const remark = language === 'json' ? '' : language === 'js' || language === 'rs' ? '|(?<remark>//.*)' : '|(?<remark>(?<=^|\\s)#.*)';
      const rule = new RegExp(`(?<key>"(?:[^"\\\\\\n]|\\\\.)*"(?=\\s*:))|(?<text>"(?:[^"\\\\]|\\\\.)*"|\`[^\`]*\`${language === 'json' ? '' : "|'[^'{]*'"})|(?<number>(?<![\\w.-])-?\\d[\\d.]*(?:[eE][+-]?\\d+)?\\b)|(?<word>\\b(?:${word})\\b)${remark}`, 'gm');
      for (const found of node.data.matchAll(rule)) {
        const kind = Object.keys(found.groups).find((name) => found.groups[name] !== undefined);
        const range = new Range();
        range.setStart(node, found.index);
        range.setEnd(node, found.index + found[0].length);
        kinds[kind].add(range);
      }
    };
    // Only what comes into view is looked at: a page may hold hundreds of examples.
    const watch = new IntersectionObserver((entries) => {
      for (const { isIntersecting, target } of entries) if (isIntersecting) { watch.unobserve(target); paint(target.querySelector('code')); }
    }, { rootMargin: '200px' });
    for (const pre of all('pre:has(> code[data-lang])')) watch.observe(pre);
    for (const [name, ranges] of Object.entries(kinds)) CSS.highlights.set(name, ranges);
  }

  // ---- Search ----

  const plain = (text) => text.toLowerCase();
  const compact = (text) => plain(text).replace(/[^\p{L}\p{N}]+/gu, '');

  /** The index's lines as entries: what they are called, where they lead, what they are found by. */
  function entriesOf(index) {
    const entries = [];
    const lines = (text) => text ? text.split('\n').map((line) => line.split('\t')) : [];
    for (const [href, title] of lines(index.pages)) entries.push({ title, href, note: 'Page', places: [] });
    for (const service of index.services) {
      const base = service.name ? service.name + '/' : '';
      const many = index.services.length > 1 ? ` · ${service.title}` : '';
      entries.push({ title: service.title, href: base + 'index.html', note: 'Service', places: [] });
      for (const [method, path, title, slug, places = ''] of lines(service.operations)) {
        entries.push({ title: title || path, href: `${base}${slug}.html`, note: `${method.toUpperCase()} ${path}${many}`, places: places ? places.split(' ') : [], more: slug });
      }
      for (const [method, name, title, slug, places = ''] of lines(service.webhooks)) {
        entries.push({ title: title || name, href: `${base}webhooks/${slug}.html`, note: `Webhook ${method.toUpperCase()} ${name}${many}`, places: places ? places.split(' ') : [], more: slug });
      }
      for (const [name, file, places = ''] of lines(service.schemas)) {
        entries.push({ title: name, href: `${base}schemas/${file || name}.html`, note: `Schema${many}`, places: places ? places.split(' ') : [] });
      }
    }
    for (const entry of entries) {
      // What belongs to this service comes first, and operations before schemas.
      entry.near = (new URL(entry.href, root).href.startsWith(new URL('.', location.href).href) ? 8 : 0) + (entry.more ? 20 : 0);
      entry.low = plain(entry.title);
      entry.all = `${entry.low} ${plain(entry.note)}`;
      entry.tight = compact(`${entry.more ?? ''} ${entry.title}`);
    }
    return entries;
  }

  /** How well an entry fits one word; 0 if it doesn't. */
  function worth(entry, word) {
    if (entry.low === word) return 100;
    if (entry.low.startsWith(word)) return 60;
    // The beginning of a word in the title counts most, then one in the path, then any place.
    const at = entry.all.indexOf(word);
    if (at >= 0) return /[\p{L}\p{N}]/u.test(entry.all[at - 1] ?? ' ') ? 15 : at < entry.low.length ? 45 : 35;
    const tight = compact(word);
    return tight.length > 2 && entry.tight.includes(tight) ? 25 : 0;
  }

  function look(entries, query) {
    const asked = plain(query).split(/\s+/).filter(Boolean).slice(0, 8);
    const hits = [];
    for (const entry of entries) {
      let total = 0;
      let place = '';
      const fits = asked.every((word) => {
        let best = worth(entry, word);
        if (best < 60 && word.length > 1) {
          // A parameter or property: `query.status`, `durationMinutes`, or the beginning of one.
          for (const own of entry.places) {
            const low = plain(own);
            const name = low.slice(low.indexOf('.') + 1);
            const value = name === word || low === word ? 40 : name.startsWith(word) ? 20 : 0;
            if (value > best) { best = value; place = own; }
          }
        }
        total += best;
        return best > 0;
      });
      if (fits) hits.push({ entry, place, total: total + entry.near - entry.title.length / 100 });
    }
    return hits.sort((a, b) => b.total - a.total);
  }

  function search(tools) {
    const input = make('input', { type: 'search', placeholder: 'Search  /', autocomplete: 'off', spellcheck: false, 'aria-label': 'Search operations, schemas and fields', 'aria-controls': 'found' });
    const found = make('div', { id: 'found', className: 'found', hidden: true });
    const box = make('search', { className: 'search' }, input, found);
    tools.prepend(box);
    let entries = null;
    let asked = false;

    // The index is a script that calls this function, since from disk nothing can be fetched.
    window.counterpartIndex = (index) => { entries = entriesOf(index); show(); };
    const load = () => {
      if (asked) return;
      asked = true;
      const script = make('script', { src: new URL('assets/search.js', root).href });
      script.addEventListener('error', () => { asked = false; script.remove(); found.replaceChildren(make('p', {}, 'The index can’t be loaded.')); });
      document.head.append(script);
    };

    const links = () => all('a', found);
    const close = () => { found.hidden = true; };
    function show() {
      const query = input.value.trim();
      if (!query) { close(); return; }
      found.hidden = false;
      if (!entries) { found.replaceChildren(make('p', {}, 'Loading the index …')); return; }
      const hits = look(entries, query);
      const list = make('ul', {}, ...hits.slice(0, 40).map(({ entry, place }) => {
        const href = new URL(entry.href, root).href + (place ? '#' + escaped(place) : '');
        const title = make('span', { dir: 'auto' }, entry.title);
        return make('li', {}, make('a', { href }, title, ...(place ? [' ', make('code', {}, place)] : []), make('small', { dir: 'auto' }, entry.note)));
      }));
      const count = hits.length === 1 ? '1 result' : `${hits.length} results`;
      found.replaceChildren(...(hits.length ? [list] : []), make('p', {}, hits.length > 40 ? `${count}, the first 40 are shown` : hits.length ? count : `Nothing is found by “${query}”`));
      say(hits.length ? count : 'No results');
    }

    input.addEventListener('focus', () => { load(); show(); });
    input.addEventListener('input', show);
    box.addEventListener('keydown', (event) => {
      const now = links();
      const at = now.indexOf(document.activeElement);
      if (event.key === 'Escape') { close(); input.focus(); input.select(); close(); }
      else if (event.key === 'ArrowDown' && now.length && !found.hidden) now[Math.min(at + 1, now.length - 1)].focus();
      else if (event.key === 'ArrowUp' && at >= 0) (now[at - 1] ?? input).focus();
      else if (event.key === 'Enter' && at < 0 && now.length && !found.hidden) now[0].click();
      else if (at >= 0 && event.key.length === 1 && !event.ctrlKey && !event.metaKey && !event.altKey) { input.focus(); return; }
      else return;
      event.preventDefault();
    });
    box.addEventListener('focusout', (event) => { if (!box.contains(event.relatedTarget)) close(); });
    // A link to a place on this very page leaves the list open otherwise.
    found.addEventListener('click', (event) => { if (event.target.closest('a')) close(); });
    found.addEventListener('mousedown', (event) => { if (!event.target.closest('a')) event.preventDefault(); });
    return input;
  }

  /** The id of a field as the pages write it: what isn't safe in one becomes ~ and its code point. */
  function escaped(place) {
    return place.replace(/[^A-Za-z0-9_.~-]/gu, (sign) => '~' + sign.codePointAt(0).toString(16));
  }

  // ---- The filter of the endpoints ----

  function filter() {
    const box = document.querySelector('[data-filter]');
    if (!box) return;
    const rows = all('tbody tr', box).map((row) => ({ row, text: plain(row.textContent) }));
    const input = make('input', { type: 'search', id: 'filter', placeholder: 'get /pets', autocomplete: 'off', spellcheck: false });
    const count = make('span', { className: 'dim', role: 'status' });
    const apply = () => {
      const asked = plain(input.value).split(/\s+/).filter(Boolean);
      let shown = 0;
      for (const { row, text } of rows) {
        const fits = asked.every((word) => text.includes(word));
        if (row.hidden === fits) row.hidden = !fits;
        if (fits) shown += 1;
      }
      for (const part of all('section', box)) part.hidden = !part.querySelector('tbody tr:not([hidden])');
      count.textContent = asked.length ? `${shown} of ${rows.length} endpoints` : `${rows.length} endpoints`;
    };
    input.addEventListener('input', apply);
    box.prepend(make('p', { className: 'filter' }, make('label', { htmlFor: 'filter' }, 'Filter by method, path or summary'), input, count));
    apply();
  }

  // ---- Keyboard: / searches, [ and ] (or k and j) go to the neighbours ----

  function keyboard(input) {
    let on = memory.get('keys') !== 'off';
    // Single letters get in the way of speech input, so that they can be turned off.
    const button = make('button', { type: 'button' });
    const show = () => { button.textContent = `Keys: ${on ? 'on' : 'off'}`; button.setAttribute('aria-pressed', on); };
    button.addEventListener('click', () => { on = !on; memory.set('keys', on ? 'on' : 'off'); show(); });
    show();
    const leads = document.querySelector('link[rel="prev"], link[rel="next"]');
    const ways = leads ? ', [ and ] or k and j go to the previous and the next operation' : '';
    document.querySelector('footer')?.append(make('p', {}, button, ` / searches${ways}.`));
    addEventListener('keydown', (event) => {
      if (!on || event.ctrlKey || event.metaKey || event.altKey || event.defaultPrevented) return;
      if (event.target.closest?.('input, textarea, select, [contenteditable]')) return;
      if (event.key === '/') { event.preventDefault(); input.focus(); input.select(); return; }
      const way = { '[': 'prev', k: 'prev', ']': 'next', j: 'next' }[event.key];
      const link = way && document.querySelector(`link[rel="${way}"]`);
      if (link) location.href = link.href;
    });
  }

  // ---- All of it ----

  document.body.append(spoken);
  const tools = document.querySelector('.tools');
  samples();
  copying();
  printing();
  filter();
  if (tools) {
    theme(tools);
    keyboard(search(tools));
  }
  // The current place of a long sidebar comes into view, without moving the page.
  const side = document.querySelector('.side');
  const here = side?.querySelector('[aria-current="page"]');
  if (here && here.offsetTop > side.clientHeight - 100) side.scrollTop = here.offsetTop - side.clientHeight / 3;
  reveal();
  addEventListener('hashchange', reveal);
  colours();
})();
