// What the pages that show exchanges have in common: a request sent and put as curl, a place of a body
// found, problems and reasons in words. Texts of documents and messages only ever go in as text nodes.
'use strict';

globalThis.counterpart = (() => {
  const PLANE = '/_counterpart';

  /** An element with properties and children; a child that is a string becomes a text node. */
  function make(name, properties = {}, ...children) {
    const element = document.createElement(name);
    for (const [key, value] of Object.entries(properties)) {
      if (value === undefined || value === null) continue;
      if (key.includes('-') || key === 'role' || key === 'for') element.setAttribute(key, value);
      else element[key] = value;
    }
    element.append(...children.filter((child) => child !== null && child !== undefined && child !== false));
    return element;
  }

  /** An operation of the control plane; gives its JSON, or the text of it, or nothing where it has none.
   * Text that is given is sent as it is: to read JSON would round its numbers. */
  async function ask(path, { method = 'GET', body, text, raw } = {}) {
    const headers = { Accept: 'application/json' };
    const sent = text ?? (body === undefined ? undefined : JSON.stringify(body));
    if (sent !== undefined) headers['Content-Type'] = 'application/json';
    let reply;
    try {
      reply = await fetch(PLANE + path, { method, headers, body: sent, cache: 'no-store' });
    } catch {
      throw new Error(`The server at ${location.origin} doesn’t answer. Is it still running?`);
    }
    const came = await reply.text();
    if (reply.ok && raw) return came;
    let value;
    try { value = JSON.parse(came); } catch { /* Some answers have no body. */ }
    if (reply.ok) return value;
    const errors = Array.isArray(value?.errors) ? value.errors.map((one) => `${one.pointer ?? one.parameter ?? ''} ${one.detail}`.trim()) : [];
    throw Object.assign(new Error([value?.detail ?? `The control plane answers ${reply.status}.`, ...errors].join(' ')), { status: reply.status });
  }

  /** A way into the documentation, by the path that the control plane gives. */
  const docsOf = (path) => `${PLANE}/docs/${path}`;

  // ---- Bodies ----

  /** JSON indented, each scalar as it was written: to read numbers would round them. Other texts stay. */
  function pretty(text) {
    try { JSON.parse(text); } catch { return text; }
    const parts = text.match(/"(?:[^"\\]|\\.)*"|[{}[\],:]|[^\s{}[\],:"]+/g) ?? [];
    let out = '';
    let depth = 0;
    const line = () => '\n' + '  '.repeat(depth);
    parts.forEach((part, index) => {
      if (part === '}' || part === ']') {
        depth -= 1;
        if (parts[index - 1] !== '{' && parts[index - 1] !== '[') out += line();
        out += part;
        return;
      }
      out += part;
      if (part === '{' || part === '[') {
        depth += 1;
        if (parts[index + 1] !== '}' && parts[index + 1] !== ']') out += line();
      } else if (part === ',') out += line();
      else if (part === ':') out += ' ';
    });
    return out;
  }

  /** [start, end] of the value at a JSON Pointer in a text, or of the nearest above it that is there;
   * null where the text isn't JSON. */
  function find(text, pointer) {
    const wanted = pointer.split('/').slice(1).map((part) => part.replaceAll('~1', '/').replaceAll('~0', '~'));
    let at = 0;
    let best = null;
    let depth = -1;
    const space = () => { while (/\s/.test(text[at] ?? '')) at += 1; };
    const expect = (sign) => { if (text[at] !== sign) throw new SyntaxError(sign); at += 1; };
    const string = () => {
      const start = at;
      expect('"');
      while (text[at] !== '"') { if (at >= text.length) throw new SyntaxError('"'); at += text[at] === '\\' ? 2 : 1; }
      at += 1;
      return JSON.parse(text.slice(start, at));
    };
    // `matched` is how many parts of the pointer lead here, or -1 beside the way.
    const value = (matched, level) => {
      if (level > 200) throw new RangeError('too deep');
      space();
      const start = at;
      const step = (name) => matched >= 0 && wanted[matched] === name ? matched + 1 : -1;
      if (text[at] === '{' || text[at] === '[') {
        const object = text[at] === '{';
        const close = object ? '}' : ']';
        at += 1;
        for (let n = 0; ; n += 1) {
          space();
          if (text[at] === close && n === 0) break;
          let name = String(n);
          if (object) { name = string(); space(); expect(':'); }
          value(step(name), level + 1);
          space();
          if (text[at] === close) break;
          expect(',');
        }
        at += 1;
      } else if (text[at] === '"') string();
      else {
        const found = /^[-+.\w]+/.exec(text.slice(at, at + 400));
        if (!found) throw new SyntaxError(text[at]);
        at += found[0].length;
      }
      if (matched > depth) { depth = matched; best = [start, at]; }
    };
    try { value(0, 0); } catch { return null; }
    return best;
  }

  /** The number of the line that a place is in, from 1; 0 where there is none. */
  function lineOf(text, pointer) {
    const range = find(text, pointer);
    return range ? text.slice(0, range[0]).split('\n').length : 0;
  }

  const SHOWN = 200_000;

  /** A body as a block of code, with what is wrong beside the lines that it is wrong in. */
  function code(text, { caption, problems = [], cut = false } = {}) {
    const shown = text.slice(0, SHOWN);
    const wrong = new Map();
    for (const problem of problems) {
      if (typeof problem.pointer !== 'string') continue;
      const line = lineOf(shown, problem.pointer);
      if (line) wrong.set(line, [...(wrong.get(line) ?? []), problem.detail]);
    }
    const block = make('code');
    if (wrong.size === 0) block.append(shown);
    else {
      shown.split('\n').forEach((line, index) => {
        const details = wrong.get(index + 1);
        if (!details) { block.append(line + '\n'); return; }
        block.append(make('mark', {}, line || ' '), make('span', { className: 'wrong' }, '  ← ' + details.join('; ')), '\n');
      });
    }
    const rest = cut || shown.length < text.length ? make('p', { className: 'dim rest' }, 'Only the start of it is shown.') : null;
    return make('figure', { className: 'code' }, caption ? make('figcaption', {}, caption) : null, make('pre', { dir: 'ltr' }, block), rest);
  }

  // ---- Problems and reasons ----

  /** Lines of the contract, the one that refused marked. */
  function excerpt({ file, line, lines }) {
    const width = String(lines.at(-1)?.number ?? line).length;
    const block = make('code');
    for (const { number, text } of lines) {
      const written = `${String(number).padStart(width)} │ ${text}`;
      block.append(number === line ? make('mark', {}, written) : written, '\n');
    }
    return make('figure', { className: 'code excerpt' }, make('figcaption', {}, `${file}:${line}`), make('pre', { dir: 'ltr' }, block));
  }

  /** One problem: the sentence, what was received and expected, and the line that refused it. */
  function problem(one, { where = null, here = null } = {}) {
    const facts = make('dl', { className: 'facts' });
    const fact = (name, ...what) => facts.append(make('dt', {}, name), make('dd', { dir: 'auto' }, ...what));
    if (one.received !== undefined) fact('Received', make('code', {}, one.received));
    if (one.expected !== undefined) fact('Expected', make('code', {}, `${one.rule}: ${one.expected}`));
    else fact('Rule', make('code', {}, one.rule));
    if (one.docs) {
      const [page, id] = one.docs.split('#');
      const href = here === page ? '#' + id : docsOf(one.docs);
      fact('Documented', make('a', { href }, here === page ? 'on this page' : 'in the documentation'));
    }
    return make('li', { className: 'problem' },
      make('p', {}, where ?? make('code', { className: 'where' }, one.place), ' ', make('span', { dir: 'auto' }, one.detail)),
      facts, one.source ? excerpt(one.source) : null);
  }

  /** Why a reply is what it is, as a list of terms. */
  function reasons(told, { here = null } = {}) {
    const list = make('dl', { className: 'facts reasons' });
    const fact = (name, ...what) => list.append(make('dt', {}, name), make('dd', { dir: 'auto' }, ...what));
    const link = (path, ...text) => {
      if (!path) return text[0];
      const [page, id] = path.split('#');
      return make('a', { href: here === page ? '#' + (id ?? '') : docsOf(path) }, ...text);
    };
    if (told.operation) {
      const of = told.operation;
      fact('Operation', link(of.docs, make('code', {}, of.name)), ` ${of.title ?? ''} `, make('span', { className: 'dim' }, `${of.source.file}:${of.source.line}`));
    }
    if (told.nearest?.length) {
      fact('Operation', told.operation ? '' : 'none; the nearest are', make('ul', {}, ...told.nearest.map((near) => make('li', {}, link(near.docs, make('code', {}, near.operation)), ' ', near.why))));
    }
    if (told.refusal) fact('Refused', told.refusal);
    fact('Status', make('span', { className: `st st${String(told.status)[0]}` }, String(told.status)), ' ', told.chosen ?? '');
    if (told.mediaType) fact('Media type', make('code', {}, told.mediaType));
    if (told.from) fact('Body', told.from);
    if (told.others?.length) {
      fact('Others', 'To get another documented reply, send the field with the request:', make('ul', {}, ...told.others.map((other) =>
        make('li', {}, link(other.docs, make('span', { className: `st st${other.status[0]}` }, other.status)), ' ', make('code', {}, `Prefer: code=${other.code}`), ' ', make('span', { className: 'dim', dir: 'auto' }, other.when)))));
    }
    return list;
  }

  // ---- Sending ----

  /** A request as a line for a shell. */
  function curl({ url, method, headers, body, digest }) {
    const quoted = (text) => `'${String(text).replaceAll("'", `'\\''`)}'`;
    const data = body === undefined || body === null ? [] : [typeof body === 'string' ? `--data-raw ${quoted(body)}` : '--data-binary @body.bin'];
    const user = digest ? [`--digest --user ${quoted(digest)}`] : [];
    return [`curl -i -X ${method} ${quoted(url)}`, ...user, ...headers.map(([name, value]) => `-H ${quoted(`${name}: ${value}`)}`), ...data].join(' \\\n  ');
  }

  /** A token that permits some scopes. */
  async function token(scope) {
    const minted = await ask('/tokens', { method: 'POST', body: { scope } });
    return minted.access_token;
  }

  /** What a page can't send, since the browser decides on it (Fetch §2.2.2). */
  const HELD = /^(accept-(charset|encoding)|access-control-.*|connection|content-length|cookie2?|date|dnt|expect|host|keep-alive|origin|referer|set-cookie|te|trailer|transfer-encoding|upgrade|via|proxy-.*|sec-.*)$/i;
  const isHeld = (name) => HELD.test(name);

  /** Sends a request to the mock. Gives the reply, how long it took, and the number of its exchange. */
  async function send({ url, method, headers, body, credentials = 'same-origin' }) {
    const fields = new Headers();
    for (const [name, value] of headers) fields.append(name, value);
    const began = performance.now();
    let reply;
    try {
      reply = await fetch(url, { method, headers: fields, body, redirect: 'manual', cache: 'no-store', credentials });
    } catch (error) {
      throw new Error(await unsent(url, error));
    }
    const ms = performance.now() - began;
    let number = Number(reply.headers.get('counterpart-exchange')) || null;
    if (reply.type === 'opaqueredirect' && !number) {
      // Browsers keep redirects to themselves; the journal knows.
      const { pathname } = new URL(url, location.href);
      const found = await ask(`/journal?limit=1&method=${encodeURIComponent(method)}&path=${encodeURIComponent(pathname)}`).catch(() => null);
      number = found?.exchanges?.at(-1)?.number ?? null;
    }
    return { reply, ms, number };
  }

  /** Why a request wasn't answered, as far as that can be told from here: a browser itself says no more
   * than that it failed. */
  async function unsent(url, error) {
    const to = new URL(url, location.href);
    if (to.origin !== location.origin) return `A page may send requests to its own server alone, and ${to.origin} is another.`;
    if (!/fetch|network|load/i.test(error.message)) return `The browser refuses to send this: ${error.message}`;
    const found = await ask(`/journal?limit=1&path=${encodeURIComponent(to.pathname)}`).catch(() => undefined);
    if (found === undefined) return `The server at ${location.origin} doesn’t answer. Is it still running?`;
    const last = found.exchanges.at(-1);
    if (last?.fault) return `The connection was cut on purpose: the fault “${last.fault}” was asked for, or a rule of behaviour has it (exchange ${last.number}).`;
    return 'The server is there, but the connection ended before a reply came. Its log says why.';
  }

  /** Puts a text where it can be pasted from; gives whether that went well. */
  async function copy(text) {
    try { await navigator.clipboard.writeText(text); return true; } catch { return false; }
  }

  /** A button that copies, and says so for a while. */
  function copying(label, text) {
    const button = make('button', { type: 'button' }, label);
    button.addEventListener('click', async () => {
      button.textContent = await copy(await text()) ? 'Copied' : 'Can’t copy here';
      setTimeout(() => { button.textContent = label; }, 1600);
    });
    return button;
  }

  return { make, ask, docsOf, pretty, find, lineOf, code, excerpt, problem, reasons, curl, token, isHeld, send, copying };
})();
