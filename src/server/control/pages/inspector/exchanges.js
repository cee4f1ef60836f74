// The exchanges of the mock as they happen, and one of them opened. What was sent and answered only ever
// goes in as text nodes.
(() => {
  'use strict';

  const { make, ask, pretty, code, excerpt, problem, reasons, curl, token, isHeld, send, copying } = globalThis.counterpart;
  const MOST = 1000;
  const byId = (id) => document.getElementById(id);
  const rows = document.querySelector('.rows tbody');
  const filters = document.querySelector('.filters');
  const told = byId('told');
  const one = byId('one');

  let source = null;           // what tells of new exchanges
  let paused = false;
  let waiting = [];            // what came meanwhile
  let dropped = 0;             // what isn't shown any longer, or never was
  let opened = null;           // the number of the one that is opened
  let last = 0;                // the number of the newest that is known
  let trouble = '';

  const counted = (count, what) => `${count.toLocaleString('en')} ${what}${count === 1 ? '' : 's'}`;

  // ---- The list ----

  const STATES = {
    valid: 'valid', refused: 'refused', invalid: 'invalid', unmatched: 'unmatched', aborted: 'aborted', fault: 'mock’s fault',
  };

  function stateOf({ fault, operation, violations, replyViolations, refusal, isFault, status }) {
    if (fault) return 'aborted';
    if (violations.length) return 'invalid';
    if (isFault || replyViolations.length) return 'fault';
    if (!operation && status === 404) return 'unmatched';
    return refusal ? 'refused' : 'valid';
  }

  const problemsOf = ({ violations, replyViolations, callbacks }) =>
    violations.length + replyViolations.length + callbacks.filter((callback) => callback.error || callback.status >= 400).length;

  const clock = (time) => {
    const at = new Date(time);
    return at.toLocaleTimeString('en-GB') + '.' + String(at.getMilliseconds()).padStart(3, '0');
  };

  const ms = (value) => value < 10 ? value.toFixed(1) : value.toFixed(0);

  function row(exchange) {
    const { number, time, method, target, operation, status } = exchange;
    const state = stateOf(exchange);
    const count = problemsOf(exchange);
    const line = make('tr', {},
      make('td', {}, make('time', { dateTime: time, title: time }, clock(time))),
      make('td', {}, make('span', { className: `state ${state}` }, STATES[state])),
      make('td', {}, make('a', { href: `#exchange/${number}` }, make('span', { className: `m ${method.toLowerCase()}` }, method), ' ', make('span', { className: 'path', dir: 'ltr' }, target.slice(0, 300)))),
      make('td', { dir: 'ltr' }, operation ? operation.slice(operation.indexOf(' ') + 1) : ''),
      make('td', {}, make('span', { className: `st st${String(status)[0]}` }, String(status))),
      make('td', { className: 'number' }, ms(exchange.ms)),
      make('td', { className: 'number' }, count ? String(count) : ''));
    line.dataset.number = number;
    if (number === opened) line.setAttribute('aria-current', 'true');
    return line;
  }

  function show(exchanges) {
    rows.prepend(...exchanges.map(row).reverse());
    while (rows.children.length > MOST) { rows.lastElementChild.remove(); dropped += 1; }
    for (const { operation, sandbox } of exchanges) {
      offer('f.operations', operation);
      offer('f.sandboxes', sandbox);
    }
    tell();
  }

  function offer(id, value) {
    const list = byId(id);
    if (!value || list.children.length > 200 || [...list.children].some((known) => known.value === value)) return;
    list.append(make('option', { value }));
  }

  function tell() {
    byId('none').hidden = rows.children.length > 0;
    const parts = [counted(rows.children.length, 'exchange')];
    if (dropped) parts.push(`${dropped.toLocaleString('en')} dropped: the newest ${MOST.toLocaleString('en')} are shown`);
    if (paused) parts.push(`paused, ${waiting.length.toLocaleString('en')} new`);
    if (trouble) parts.push(trouble);
    told.textContent = parts.join('; ');
  }

  /** New ones come in bursts: they are drawn once a frame. */
  let drawing = 0;
  let fresh = [];
  function take(exchange) {
    if (exchange.number <= last) return;
    last = exchange.number;
    const queue = paused ? waiting : fresh;
    queue.push(exchange);
    if (queue.length > MOST) { queue.shift(); dropped += 1; }
    if (paused) { tell(); return; }
    drawing ||= requestAnimationFrame(() => { drawing = 0; show(fresh); fresh = []; });
  }

  function query() {
    const wanted = new URLSearchParams();
    for (const name of ['text', 'operation', 'status', 'sandbox']) {
      const value = filters.elements[name].value.trim();
      if (value) wanted.set(name, value);
    }
    if (filters.elements.problems.checked) wanted.set('problems', 'true');
    return wanted;
  }

  async function load() {
    source?.close();
    rows.replaceChildren();
    [waiting, fresh, dropped, trouble] = [[], [], 0, ''];
    const wanted = query();
    byId('har').href = `/_counterpart/har?${new URLSearchParams([...wanted, ['limit', MOST]])}`;
    try {
      const found = await ask(`/journal?${new URLSearchParams([...wanted, ['limit', MOST]])}`);
      last = found.last;
      show(found.exchanges);
    } catch (error) {
      trouble = error.message;
      tell();
      return;
    }
    wanted.set('since', last);
    follow(wanted);
  }

  function follow(wanted) {
    source = new EventSource(`/_counterpart/journal?${wanted}`);
    source.addEventListener('exchange', (event) => take(JSON.parse(event.data)));
    source.addEventListener('dropped', (event) => { dropped += JSON.parse(event.data).count; tell(); });
    source.addEventListener('delivery', (event) => { if (JSON.parse(event.data).number === opened) open(opened); });
    source.onerror = () => { trouble = source.readyState === EventSource.CLOSED ? 'the server tells no more; reload the page' : 'the connection is lost, and tried again'; tell(); };
    source.onopen = () => { trouble = ''; tell(); };
  }

  // ---- One exchange ----

  const text = ({ body, bodyBase64, length }) => body ?? (bodyBase64 ? `${length} bytes: ${bodyBase64}` : '');
  /** A message as it travelled: its first line, its fields, its body. */
  const raw = (start, of) => [start, ...of.headers.map(({ name, value }) => `${name}: ${value}`), '', text(of)].join('\n');

  function message(title, of, problems) {
    if (of.length === 0) return [make('h3', {}, title), make('p', { className: 'dim' }, 'No body.')];
    return [make('h3', {}, title), code(pretty(text(of)), { caption: `${of.length} bytes`, problems, cut: of.isCut })];
  }

  async function open(number) {
    opened = number;
    for (const line of rows.querySelectorAll('tr')) line.toggleAttribute('aria-current', Number(line.dataset.number) === number);
    let whole, why;
    try {
      [whole, why] = await Promise.all([ask(`/journal/${number}`), ask(`/journal/${number}/explanation`)]);
    } catch (error) {
      one.hidden = false;
      one.replaceChildren(close(), make('p', { className: 'error' }, error.message));
      return;
    }
    if (opened !== number) return;
    const asked = why.problems.filter((it) => it.of === 'request');
    const answered = why.problems.filter((it) => it.of === 'reply');
    const state = stateOf(whole);
    const heading = make('h2', { tabIndex: -1 }, make('span', { className: `m ${whole.method.toLowerCase()}` }, whole.method), ' ', make('span', { dir: 'ltr' }, whole.target));
    const facts = make('p', {},
      make('span', { className: `state ${state}` }, STATES[state]), ' ', make('span', { className: `st st${String(whole.status)[0]}` }, String(whole.status)),
      ` in ${ms(whole.ms)} ms, exchange ${number} at ${clock(whole.time)}`, whole.sandbox ? `, sandbox ${whole.sandbox}` : '', whole.fault ? `; the connection was cut on purpose (${whole.fault})` : '');
    const parts = [close(), heading, facts, actions(whole, why)];
    if (asked.length) parts.push(make('h3', {}, counted(asked.length, 'problem')), make('ol', { className: 'problems' }, ...asked.map((it) => problem(it))));
    if (answered.length) parts.push(make('h3', {}, 'The reply isn’t as the contract has it'), make('ol', { className: 'problems' }, ...answered.map((it) => problem(it))));
    if (why.omitted) parts.push(make('p', { className: 'dim' }, `${counted(why.omitted, 'problem')} more, which the exchange itself has.`));
    parts.push(...message('Request body', whole.request, asked));
    parts.push(make('h3', {}, 'Why this reply'), reasons(why));
    parts.push(...message('Reply body', whole.reply, answered));
    parts.push(make('h3', {}, 'As it travelled'),
      code(raw(`${whole.method} ${whole.target} HTTP/1.1`, whole.request), { caption: 'Request', cut: whole.request.isCut }),
      code(raw(`HTTP/1.1 ${whole.status}`, whole.reply), { caption: 'Reply', cut: whole.reply.isCut }));
    if (whole.callbacks.length) parts.push(make('h3', {}, 'Callbacks'), make('ul', {}, ...whole.callbacks.map((it) =>
      make('li', {}, `${it.callback}: ${it.method} `, make('span', { dir: 'ltr' }, it.url), ` ${it.pending ? 'is under way' : it.status ?? it.error}, ${counted(it.tries, 'try').replace('trys', 'tries')}`))));
    if (why.operation) parts.push(make('h3', {}, 'Where it stands'), excerpt(why.operation.source));
    const isNew = one.hidden;
    one.hidden = false;
    one.replaceChildren(...parts);
    one.scrollTop = 0;
    if (isNew || !one.contains(document.activeElement)) heading.focus({ preventScroll: innerWidth >= 1280 });
  }

  function close() {
    const button = make('button', { type: 'button', className: 'close' }, 'Close');
    button.addEventListener('click', () => { location.hash = 'exchanges'; });
    return button;
  }

  function shut() {
    const number = opened;
    opened = null;
    one.hidden = true;
    one.replaceChildren();
    rows.querySelector('[aria-current]')?.removeAttribute('aria-current');
    rows.querySelector(`[data-number="${number}"] a`)?.focus();
  }

  // ---- What can be done with one ----

  /** The request as it was, as far as that is known and a page may send it. */
  async function again(whole, why) {
    const left = [];
    const headers = [];
    for (const { name, value } of whole.request.headers) {
      if (name === 'authorization' && value.includes('…') && why.operation?.scopes) {
        headers.push([name, `Bearer ${await token(why.operation.scopes.join(' '))}`]);
      } else if (isHeld(name)) continue;
      else if (value.includes('…')) left.push(name);
      else headers.push([name, value]);
    }
    let { body } = whole.request;
    if (whole.request.bodyBase64) body = Uint8Array.from(atob(whole.request.bodyBase64), (sign) => sign.charCodeAt(0));
    if (body === '' || whole.method === 'GET' || whole.method === 'HEAD') body = undefined;
    return { request: { url: location.origin + whole.target, method: whole.method, headers, body }, left };
  }

  function actions(whole, why) {
    const said = make('p', { role: 'status' });
    const room = make('div');
    const cut = whole.request.isCut ? 'The journal has only the start of the request’s body.' : '';
    const button = (label, action) => {
      const it = make('button', { type: 'button' }, label);
      it.addEventListener('click', async () => { try { await action(); } catch (error) { said.className = 'error'; said.textContent = error.message; } });
      return make('li', {}, it);
    };
    const resend = async (request, left) => {
      const { number } = await send(request);
      if (number) location.hash = `exchange/${number}`;
      said.className = '';
      said.textContent = left.length ? `Sent without ${left.join(', ')}: the journal hides what they said.` : 'Sent.';
    };
    const replay = async () => {
      if (cut) throw new Error(cut);
      const { request, left } = await again(whole, why);
      await resend(request, left);
    };
    const edit = async () => {
      const { request, left } = await again(whole, why);
      if (left.length) said.textContent = `Left out: ${left.join(', ')}, which the journal hides.`;
      room.replaceChildren(editor(request, cut, resend));
      room.querySelector('input').focus();
    };
    const fixture = async () => {
      const { file, text: yaml } = await ask(`/journal/${whole.number}/fixture`);
      const link = make('a', { href: URL.createObjectURL(new Blob([yaml], { type: 'application/yaml' })), download: file.split('/').at(-1) }, 'Download');
      room.replaceChildren(make('p', {}, 'Put this into ', make('code', {}, file), ': the reply is then what such requests are answered with. ', link, ' '), code(yaml, { caption: file }));
      room.querySelector('p').append(copying('Copy', () => yaml));
    };
    return make('div', {},
      make('ul', { className: 'actions' },
        make('li', {}, copying('Copy as curl', async () => curl((await again(whole, why)).request))),
        button('Replay', replay), button('Edit and replay', edit), button('Save reply as fixture', fixture),
        make('li', {}, make('a', { href: `/_counterpart/har?since=${whole.number - 1}&limit=1`, download: `exchange-${whole.number}.har` }, 'HAR'))),
      said, room);
  }

  function editor(request, cut, resend) {
    const field = (name, value, kind = 'input') => {
      const id = `edit.${name}`;
      const input = make(kind, { id, name, value, dir: 'ltr', spellcheck: false, autocomplete: 'off' });
      if (kind === 'textarea') input.rows = Math.min(16, Math.max(3, value.split('\n').length + 1));
      return make('p', { className: 'input' }, make('label', { for: id }, name), input);
    };
    const binary = request.body !== undefined && typeof request.body !== 'string';
    const form = make('form', { className: 'edit try' },
      field('method', request.method), field('target', request.url.slice(location.origin.length)),
      field('fields', request.headers.map((pair) => pair.join(': ')).join('\n'), 'textarea'),
      binary ? make('p', {}, 'The body is no text, and is sent as it was.') : field('body', pretty(request.body ?? ''), 'textarea'),
      cut ? make('p', { className: 'error' }, cut) : null,
      make('p', {}, make('button', { type: 'submit', className: 'send' }, 'Send')),
      make('p', { role: 'status', className: 'error' }));
    form.addEventListener('submit', async (event) => {
      event.preventDefault();
      const at = (name) => form.elements.namedItem(name);
      const headers = at('fields').value.split('\n').filter((line) => line.includes(':')).map((line) => [line.slice(0, line.indexOf(':')).trim(), line.slice(line.indexOf(':') + 1).trim()]);
      const body = binary ? request.body : at('body').value || undefined;
      try { await resend({ url: location.origin + at('target').value, method: at('method').value.trim().toUpperCase(), headers, body }, []); } catch (error) { form.lastElementChild.textContent = error.message; }
    });
    form.addEventListener('keydown', (event) => { if (event.key === 'Enter' && (event.ctrlKey || event.metaKey)) { event.preventDefault(); form.requestSubmit(); } });
    return form;
  }

  // ---- All of it ----

  let typing = 0;
  filters.addEventListener('input', () => { clearTimeout(typing); typing = setTimeout(load, 300); });
  filters.addEventListener('submit', (event) => { event.preventDefault(); load(); });
  byId('pause').addEventListener('click', ({ target }) => {
    paused = !paused;
    target.setAttribute('aria-pressed', paused);
    target.textContent = paused ? 'Go on' : 'Pause';
    if (!paused) { const came = waiting; waiting = []; show(came); }
    tell();
  });
  byId('clear').addEventListener('click', async () => {
    try { await ask('/journal', { method: 'DELETE' }); await load(); } catch (error) { trouble = error.message; tell(); }
  });
  // Keys that mean something only while the list has the focus get in nobody's way.
  rows.addEventListener('keydown', (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    const way = { ArrowDown: 'nextElementSibling', j: 'nextElementSibling', ArrowUp: 'previousElementSibling', k: 'previousElementSibling' }[event.key];
    const to = way && event.target.closest('tr')?.[way];
    if (!to) return;
    event.preventDefault();
    to.querySelector('a').focus();
  });
  // Wherever a row is clicked, but for what is chosen to be copied.
  rows.addEventListener('click', (event) => {
    if (event.target.closest('a') || getSelection().type === 'Range') return;
    event.target.closest('tr')?.querySelector('a').click();
  });
  addEventListener('keydown', (event) => {
    if (event.key === 'Escape' && opened !== null && !event.defaultPrevented && !event.target.closest?.('input, textarea')) location.hash = 'exchanges';
  });

  let begun = false;
  globalThis.counterpart.exchanges = {
    show(number) {
      if (!begun) { begun = true; load(); }
      if (number) open(number); else if (opened !== null) shut();
    },
    filter(name, value) {
      filters.elements[name].value = value;
      if (begun) load();
      location.hash = 'exchanges';
    },
  };
})();
