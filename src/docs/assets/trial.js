// Sends requests from an operation's page to the mock that serves it, and shows what came of them. There
// only while a server shows the pages: a site on disk has neither the form nor this.
(() => {
  'use strict';

  const { make, ask, pretty, find, lineOf, code, problem, reasons, curl, token, send, copying } = globalThis.counterpart;
  const form = document.querySelector('#try form');
  if (!form) return;
  const out = document.querySelector('#try .reply');
  const { method, path: template, page } = form.dataset;
  const all = (selector, within = form) => [...within.querySelectorAll(selector)];
  const named = (name) => form.elements.namedItem(name);
  const body = named('body');

  /** What is remembered from page to page while the tab is open. */
  const memory = {
    get(key) { try { return sessionStorage.getItem('counterpart.' + key); } catch { return null; } },
    set(key, value) { try { sessionStorage.setItem('counterpart.' + key, value); } catch { /* Then for this page alone. */ } },
  };

  /** The inputs of one place (path, query, header, cookie) as [name, input] pairs. */
  const inputs = (place) => all(`[name^="${place}."]`).map((input) => [input.name.slice(place.length + 1), input]);

  // ---- The request, from what the form says ----

  /** The values of a parameter as pairs of a query, in its style. */
  function pairs(name, { value, dataset: { style, explode } }) {
    if (!style) return [[name, value]];
    let given;
    try { given = JSON.parse(value); } catch { given = value.split(',').map((part) => part.trim()); }
    if (Array.isArray(given)) {
      const texts = given.map((one) => typeof one === 'object' ? JSON.stringify(one) : String(one));
      if (explode) return texts.map((text) => [name, text]);
      return [[name, texts.join({ spaceDelimited: ' ', pipeDelimited: '|' }[style] ?? ',')]];
    }
    if (given === null || typeof given !== 'object') return [[name, value]];
    const entries = Object.entries(given).map(([key, one]) => [key, typeof one === 'object' ? JSON.stringify(one) : String(one)]);
    if (style === 'deepObject') return entries.map(([key, text]) => [`${name}[${key}]`, text]);
    return explode ? entries : [[name, entries.flat().join(',')]];
  }

  function target() {
    const values = new Map(inputs('path').map(([name, input]) => [name, encodeURIComponent(input.value)]));
    const path = template.replace(/\{([^{}]+)\}/g, (whole, name) => values.get(name) ?? whole);
    // Written by hand: `new URL` would take away what is `.` or `..`, which a key may be.
    return path;
  }

  /** Mints the tokens that are wanted and not there. */
  async function prove() {
    for (const input of credentials().filter(({ dataset }) => dataset.kind === 'bearer')) {
      if (!input.value && !input.dataset.without) input.value = await token(input.dataset.scopes);
    }
  }

  const credentials = () => all('[data-credential]').filter((input) => !input.closest('[data-alternative]').hidden);

  function request() {
    const query = inputs('query').filter(([, input]) => input.value !== '').flatMap(([name, input]) => pairs(name, input));
    const headers = inputs('header').filter(([, input]) => input.value !== '').map(([name, input]) => [name, input.value]);
    const cookies = inputs('cookie').filter(([, input]) => input.value !== '').map(([name, input]) => [name, input.value]);
    for (const input of credentials()) {
      const { place, field, prefix = '', kind } = input.dataset;
      if (input.value === '' || kind === 'digest') continue;
      const value = kind === 'basic' ? btoa(unescape(encodeURIComponent(input.value))) : input.value;
      ({ query, header: headers, cookie: cookies })[place].push([field, prefix + value]);
    }
    const sandbox = named('sandbox').value.trim();
    if (sandbox) headers.push(['Counterpart-Sandbox', sandbox]);
    const wanted = named('wanted').value;
    if (wanted) headers.push(['Prefer', `code=${wanted}`]);
    const text = new URLSearchParams(query).toString().replaceAll('+', '%20');
    const sent = { method, url: location.origin + target() + (text ? '?' + text : ''), headers, cookies, body: undefined };
    return Object.assign(sent, content(headers));
  }

  /** Adds the answer to a challenge of the scheme Digest (RFC 7616), which the server is asked for first. */
  async function answer(sent) {
    const input = credentials().find(({ value, dataset }) => value && dataset.kind === 'digest');
    if (!input) return;
    const { method, url, headers, body } = sent;
    // Without credentials of the browser’s own, so that it doesn’t ask for them.
    const refused = await fetch(url, { method, headers, body, redirect: 'manual', cache: 'no-store', credentials: 'omit' });
    const all = (refused.headers.get('www-authenticate') ?? '').split(/(?<=[",\s]|^)(?=Digest )/i);
    const challenge = all.find((one) => /^Digest .*algorithm="?SHA-256"?\b/i.test(one));
    if (refused.status !== 401 || !challenge) return;
    if (!globalThis.crypto?.subtle) throw new Error('The browser works out Digest credentials on https and on localhost alone.');
    const said = (name) => challenge.match(new RegExp(`\\b${name}="((?:[^"\\\\]|\\\\.)*)"`, 'i'))?.[1] ?? '';
    const hex = (bytes) => Array.from(new Uint8Array(bytes), (byte) => byte.toString(16).padStart(2, '0')).join('');
    const hash = async (text) => hex(await crypto.subtle.digest('SHA-256', new TextEncoder().encode(text)));
    const [, name, password] = input.value.match(/^([^:]*):?([^]*)$/);
    const [realm, nonce, opaque, uri] = [said('realm'), said('nonce'), said('opaque'), url.slice(location.origin.length)];
    const cnonce = hex(crypto.getRandomValues(new Uint8Array(12)));
    const who = await hash(`${name}:${realm.replace(/\\(.)/g, '$1')}:${password}`);
    const response = await hash(`${who}:${nonce}:00000001:${cnonce}:auth:${await hash(`${method}:${uri}`)}`);
    const quoted = { username: name.replace(/["\\]/g, '\\$&'), realm, nonce, uri, cnonce, response, opaque };
    const pairs = Object.entries(quoted).map(([key, value]) => `${key}="${value}"`);
    headers.push(['Authorization', `Digest ${pairs.join(', ')}, algorithm=SHA-256, qop=auth, nc=00000001`]);
  }

  /** The body, and the field that says what it is. */
  function content(headers) {
    const type = named('type');
    if (!type || method === 'GET' || method === 'HEAD') return {};
    const kind = type.selectedOptions?.[0]?.dataset.kind ?? type.dataset.kind;
    if (kind === 'multipart') {
      const data = new FormData();
      for (const [name, value] of Object.entries(JSON.parse(body.value || '{}'))) {
        for (const one of Array.isArray(value) ? value : [value]) {
          const isText = typeof one !== 'object';
          data.append(name, isText ? String(one) : new Blob([JSON.stringify(one)], { type: 'application/json' }));
        }
      }
      return { body: data };
    }
    const file = kind === 'file' ? named('file').files[0] : null;
    if (!file && (kind === 'file' || body.value === '')) return {};
    // A range is no type of its own.
    headers.push(['Content-Type', type.value.includes('*') ? file?.type || 'application/octet-stream' : type.value]);
    return { body: file ?? body.value };
  }

  // ---- Entity tags: what a GET shows is what the next change is of ----

  const tagOf = (path) => `tag ${named('sandbox').value.trim()} ${path}`;
  const condition = named('header.If-Match');

  function carry() {
    if (!condition || condition.dataset.typed) return;
    condition.value = memory.get(tagOf(target())) ?? '';
  }

  function keep(reply) {
    const tag = reply.headers.get('etag');
    if (!tag || !reply.ok) return null;
    const made = method === 'POST' && reply.headers.get('location');
    const path = made ? new URL(made, location.href).pathname : target();
    memory.set(tagOf(path), tag);
    delete condition?.dataset.typed;
    carry();
    return make('p', { className: 'dim' }, 'Its ETag is kept: the next PUT, PATCH or DELETE of this resource has it in If-Match, here and on other pages.');
  }

  // ---- Items: what the page was written with may be gone ----

  /** Fills the path in with an item that is there, where the one that it has isn’t; the samples follow. */
  async function current() {
    const { api, collection, key } = form.dataset;
    const own = key && named(`path.${key}`);
    if (!own) return;
    const [before, whose] = [target(), named('sandbox').value.trim()];
    const query = whose ? `?sandbox=${encodeURIComponent(whose)}` : '';
    const held = await ask(`/state/${encodeURIComponent(api)}/${encodeURIComponent(collection)}${query}`).catch(() => null);
    // Those below others come by what they hang on.
    const items = Object.entries(held ?? {}).flatMap(([at, value]) => at.startsWith(`${collection}@`) ? Object.entries(value) : [[at, value]]);
    if (!items.length || items.some(([at]) => at === own.value) || before !== target()) return;
    const [at, item] = items[0];
    own.value = at;
    for (const [name, input] of inputs('path')) if (name !== key && item?.[name] !== undefined) input.value = String(item[name]);
    for (const block of document.querySelectorAll('#samples code')) block.textContent = block.textContent.replaceAll(before, target());
    carry();
  }

  // ---- What is shown ----

  /** Leads to a place of the body, or to the input of a parameter. */
  function where(one) {
    if (typeof one.pointer === 'string' && body && !body.closest('[hidden]')) {
      const line = lineOf(body.value, one.pointer);
      const button = make('button', { type: 'button', className: 'where' }, one.place + (line ? `, line ${line}` : ''));
      button.addEventListener('click', () => lead(one.pointer));
      return button;
    }
    const input = one.parameter && named(`${one.part}.${one.parameter}`);
    if (!input) return null;
    input.setAttribute('aria-invalid', 'true');
    const button = make('button', { type: 'button', className: 'where' }, one.place);
    button.addEventListener('click', () => input.focus());
    return button;
  }

  function lead(pointer) {
    const range = find(body.value, pointer);
    body.focus();
    if (!range) return;
    // The value alone is marked; of a long one its first line, so that it can be seen.
    const line = body.value.indexOf('\n', range[0]);
    body.setSelectionRange(range[0], line < 0 ? range[1] : Math.min(range[1], line));
    const rows = body.value.slice(0, range[0]).split('\n').length - 1;
    body.scrollTop = rows * parseFloat(getComputedStyle(body).lineHeight) - body.clientHeight / 3;
  }

  const verdict = (good, text) => make('p', { className: `verdict ${good ? 'good' : 'bad'}`, role: 'status' }, text);
  const counted = (count, what) => `${count} ${what}${count === 1 ? '' : 's'}`;

  async function bodyOf(reply) {
    const type = reply.headers.get('content-type') ?? '';
    if (/^(image|audio|video|font)\/|octet-stream|zip|pdf/i.test(type)) {
      const bytes = await reply.blob();
      return make('p', {}, `${bytes.size} bytes of ${type}.`);
    }
    const text = await reply.text();
    return text === '' ? make('p', { className: 'dim' }, 'No body.') : code(pretty(text), { caption: type || 'Body' });
  }

  async function show({ reply, ms, number }) {
    const told = number ? await ask(`/journal/${number}/explanation`).catch(() => null) : null;
    const status = reply.status || told?.status || 0;
    const own = document.getElementById(`status-${status}`);
    const sign = make('span', { className: `st st${String(status)[0]}` }, String(status));
    const asked = told?.problems.filter((one) => one.of === 'request') ?? [];
    const answered = told?.problems.filter((one) => one.of === 'reply') ?? [];
    const said = asked.length ? `${counted(asked.length, 'problem')} with the request.`
      : told?.refusal ? `Refused: ${told.refusal}` : status >= 400 ? 'Refused, as it was asked for.' : 'The request is as the contract has it.';
    const parts = [
      make('p', { className: 'came' }, own ? make('a', { href: `#status-${status}` }, sign) : sign, ` ${reply.statusText || ''} in ${ms.toFixed(0)} ms`),
      verdict(asked.length === 0 && !told?.refusal, said),
    ];
    if (asked.length) parts.push(make('ol', { className: 'problems' }, ...asked.map((one) => problem(one, { where: where(one), here: page }))));
    if (told?.omitted) parts.push(make('p', { className: 'dim' }, `${told.omitted} more aren’t explained.`));
    if (answered.length) parts.push(make('p', {}, 'The mock’s own reply isn’t as the contract has it:'), make('ol', { className: 'problems' }, ...answered.map((one) => problem(one, { here: page }))));
    const kept = keep(reply);
    if (kept) parts.push(kept);
    parts.push(reply.type === 'opaqueredirect' ? make('p', {}, 'A redirect: browsers show no more of it to a page, the inspector does.') : await bodyOf(reply));
    const fields = [...reply.headers].map(([name, value]) => `${name}: ${value}`).join('\n');
    if (fields) parts.push(make('details', {}, make('summary', {}, 'Header fields'), code(fields)));
    if (told) parts.push(make('details', {}, make('summary', {}, 'Why this reply'), reasons(told, { here: page })));
    if (number) parts.push(make('p', {}, make('a', { href: `/_counterpart/#exchange/${number}` }, `Exchange ${number} in the inspector`)));
    out.replaceChildren(...parts);
  }

  async function submit() {
    const button = form.querySelector('.send');
    if (button.getAttribute('aria-disabled')) return;
    button.setAttribute('aria-disabled', 'true');
    out.hidden = false;
    for (const input of all('[aria-invalid]')) input.removeAttribute('aria-invalid');
    try {
      await prove();
      const sent = request();
      await answer(sent);
      // Where a password is refused, the browser would ask for one in a window of its own.
      const isAsked = credentials().some(({ dataset: { kind } }) => kind === 'basic' || kind === 'digest');
      if (isAsked && !sent.cookies.length) sent.credentials = 'omit';
      // The browser alone writes the field; what it shall say is put where it reads it.
      for (const [name, value] of sent.cookies) document.cookie = `${name}=${value}; path=/; samesite=strict`;
      await show(await send(sent));
    } catch (error) {
      out.replaceChildren(verdict(false, error instanceof SyntaxError ? `The body can’t be read as the fields of a form: ${error.message}` : error.message));
    }
    button.removeAttribute('aria-disabled');
  }

  // ---- All of it ----

  function choose() {
    const type = named('type');
    const kind = type?.selectedOptions?.[0]?.dataset.kind ?? type?.dataset.kind;
    const text = form.querySelector('[data-text]');
    const file = form.querySelector('[data-file]');
    if (text) text.hidden = kind === 'file';
    if (file) file.hidden = kind !== 'file';
    const examples = all('template[data-example]').filter((one) => !type || one.dataset.type === type.value);
    const select = form.querySelector('[data-examples]');
    if (!select) return;
    select.replaceChildren(...examples.map((one) => make('option', {}, one.dataset.example || 'Example')));
    select.closest('p').hidden = examples.length < 2;
    const fill = () => { body.value = examples[select.selectedIndex]?.content.textContent ?? ''; };
    select.onchange = fill;
    fill();
  }

  form.addEventListener('submit', (event) => { event.preventDefault(); submit(); });
  form.addEventListener('keydown', (event) => {
    if (event.key === 'Enter' && (event.ctrlKey || event.metaKey)) { event.preventDefault(); submit(); }
  });
  for (const input of all('[data-kind="bearer"]')) {
    // A token that was taken out stays out: that is how one sees the 401.
    input.addEventListener('input', () => { if (input.value) delete input.dataset.without; else input.dataset.without = 'yes'; });
    input.parentElement.querySelector('[data-mint]')?.addEventListener('click', async () => {
      delete input.dataset.without;
      try { input.value = await token(input.dataset.scopes); } catch (error) { out.hidden = false; out.replaceChildren(verdict(false, error.message)); }
    });
  }
  const access = named('access');
  const pick = () => { for (const part of all('[data-alternative]')) part.hidden = part.dataset.alternative !== access.value; };
  access?.addEventListener('change', pick);
  if (access) pick();
  named('type')?.addEventListener('change', choose);
  choose();
  for (const [, input] of inputs('path')) input.addEventListener('input', carry);
  condition?.addEventListener('input', () => { condition.dataset.typed = 'yes'; });
  const sandbox = named('sandbox');
  sandbox.value = memory.get('sandbox') ?? '';
  sandbox.addEventListener('change', () => { memory.set('sandbox', sandbox.value.trim()); carry(); });
  sandbox.addEventListener('focus', async () => {
    const known = await ask('/sandboxes').catch(() => []);
    document.getElementById('try.sandboxes').replaceChildren(...new Set(known.map(({ name }) => name)).values().map((value) => make('option', { value })));
  }, { once: true });
  form.querySelector('.actions').append(make('li', {}, copying('Copy as curl', async () => {
    await prove();
    const { cookies, ...sent } = request();
    sent.digest = credentials().find(({ value, dataset }) => value && dataset.kind === 'digest')?.value;
    if (cookies.length) sent.headers.push(['Cookie', cookies.map((pair) => pair.join('=')).join('; ')]);
    return curl(sent);
  })));
  carry();
  current();
})();
