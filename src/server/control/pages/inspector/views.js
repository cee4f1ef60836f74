// Which view is shown, and those beside the exchanges: sandboxes, coverage, state.
(() => {
  'use strict';

  const { make, ask, pretty, exchanges } = globalThis.counterpart;
  const VIEWS = ['exchanges', 'sandboxes', 'coverage', 'state'];
  const room = (name) => document.getElementById(`view-${name}`);
  const at = encodeURIComponent;

  const heading = (text) => make('h1', { tabIndex: -1 }, text);
  const button = (label, action, said) => {
    const it = make('button', { type: 'button' }, label);
    it.addEventListener('click', async () => {
      try { await action(); } catch (error) { said.className = 'error'; said.textContent = error.message; }
    });
    return it;
  };
  const table = (caption, heads, lines) => make('table', { className: 'plain' },
    make('caption', { className: 'quiet' }, caption),
    make('thead', {}, make('tr', {}, ...heads.map((head) => make('th', { scope: 'col' }, head)))),
    make('tbody', {}, ...lines.map((cells) => make('tr', {}, ...cells.map((cell, index) => make(index === 0 ? 'th' : 'td', index === 0 ? { scope: 'row', dir: 'auto' } : {}, cell))))));

  // ---- Sandboxes ----

  async function sandboxes(view) {
    const said = make('p', { role: 'status' });
    const all = await ask('/sandboxes');
    const again = () => show(location.hash);
    const lines = all.map(({ api, name, changed, bytes, used }) => [
      name, api, `${changed} changed`, `${bytes.toLocaleString('en')} bytes`, make('time', { dateTime: used }, new Date(used).toLocaleString('sv-SE')),
      make('span', { className: 'actions' },
        button('Exchanges', () => exchanges.filter('sandbox', name), said),
        make('a', { href: `#state/${at(api)}?sandbox=${at(name)}` }, 'State'),
        button('Reset', async () => { await ask(`/reset?api=${at(api)}&sandbox=${at(name)}`, { method: 'POST' }); await again(); }, said),
        button('Let go', async () => { await ask(`/sandboxes/${at(name)}`, { method: 'DELETE' }); await again(); }, said)),
    ]);
    view.replaceChildren(heading('Sandboxes'), said,
      make('p', {}, 'A sandbox is a state of its own. It is made when a request first names it: with the field ', make('code', {}, 'Counterpart-Sandbox: NAME'), ', or ', make('code', {}, '/@NAME'), ' before the path.'),
      all.length ? table('Sandboxes', ['Name', 'API', 'Items', 'Memory', 'Last used', 'Actions'], lines) : make('p', { className: 'dim' }, 'There is none now.'),
      all.length ? make('p', {}, button('Let all go', async () => { await ask('/sandboxes', { method: 'DELETE' }); await again(); }, said)) : '');
  }

  // ---- Coverage ----

  const KINDS = {
    operation: 'operations', status: 'statuses', requestMediaType: 'media types of requests', replyMediaType: 'media types of replies', parameter: 'parameters',
    requestProperty: 'properties of requests', replyProperty: 'properties of replies', value: 'values of enum', branch: 'alternatives',
  };
  const LISTED = 200;

  async function coverage(view) {
    const said = make('p', { role: 'status' });
    const found = await ask(`/coverage?limit=${LISTED}`);
    const parts = found.apis.map(({ api, total, kinds, uncovered, omitted }) => make('section', {},
      make('h2', { dir: 'auto' }, api),
      make('p', { className: 'meter' }, make('progress', { max: 100, value: total.percent, 'aria-label': `Coverage of ${api}` }), `${total.percent} %, ${total.covered} of ${total.all} points`),
      table(`What of ${api} is covered`, ['Kind', 'Covered', 'Percent'], kinds.filter(({ all }) => all > 0).map(({ kind, covered, all, percent }) => [KINDS[kind] ?? kind, `${covered} of ${all}`, `${percent} %`])),
      uncovered.length ? make('details', {}, make('summary', {}, `${(uncovered.length + omitted).toLocaleString('en')} points that nobody met`),
        table(`What of ${api} isn’t covered`, ['Operation', 'What', 'Where'], uncovered.map((point) => [point.operation, `${KINDS[point.kind] ?? point.kind}: ${point.what}`, make('code', {}, point.source)])),
        omitted ? make('p', { className: 'dim' }, `${omitted.toLocaleString('en')} more aren’t listed.`) : '') : ''));
    view.replaceChildren(heading('Coverage'), said,
      make('p', {}, `${found.exchanges.toLocaleString('en')} exchanges are counted${found.lost ? `, ${found.lost.toLocaleString('en')} were lost` : ''}. `,
        button('Begin anew', async () => { await ask('/coverage', { method: 'DELETE' }); await show(location.hash); }, said)),
      ...parts);
  }

  // ---- State: APIs, their collections, the items of one, and one of those ----

  async function state(view, parts, query) {
    const sandbox = query.get('sandbox') ?? '';
    const whose = sandbox ? `?sandbox=${at(sandbox)}` : '';
    const [api, collection, key] = parts;
    const said = make('p', { role: 'status' });
    const all = await ask('/contracts');
    const crumbs = make('p', {}, make('a', { href: `#state${whose}` }, 'All APIs'));
    if (api) crumbs.append(' / ', make('a', { href: `#state/${at(api)}${whose}` }, api));
    if (collection) crumbs.append(' / ', make('a', { href: `#state/${at(api)}/${at(collection)}${whose}` }, collection));
    const input = make('input', { id: 'state.sandbox', value: sandbox, placeholder: 'everyone’s', autocomplete: 'off', spellcheck: false });
    input.addEventListener('change', () => { location.hash = ['state', ...parts.map(at)].join('/') + (input.value.trim() ? `?sandbox=${at(input.value.trim())}` : ''); });
    const frame = [heading('State'), make('p', {}, make('label', { for: 'state.sandbox' }, 'of the sandbox'), ' ', input), crumbs, said];
    if (!collection) {
      const shown = all.filter(({ name }) => !api || name === api);
      const sections = shown.map(({ name, title, collections }) => make('section', {},
        make('h2', { dir: 'auto' }, title),
        collections.length ? table(`Collections of ${title}`, ['Collection', 'Items of everyone'], collections.map((one) => [make('a', { href: `#state/${at(name)}/${at(one.name)}${whose}` }, one.name), String(one.items)])) : make('p', { className: 'dim' }, 'It has no collections.'),
        make('p', {}, button('Reset to the fixtures', async () => {
          await ask(`/reset?api=${at(name)}${sandbox ? `&sandbox=${at(sandbox)}` : ''}`, { method: 'POST' });
          await show(location.hash);
        }, said))));
      view.replaceChildren(...frame, ...sections);
      return;
    }
    const path = `/state/${at(api)}/${at(collection)}`;
    if (key !== undefined) {
      const item = key === '' ? {} : await ask(`${path}/${at(key)}${whose}`, { raw: true });
      view.replaceChildren(...frame, editor(path, key, item, whose, said));
      return;
    }
    const items = await ask(path + whose);
    const keys = Object.keys(items);
    const SHOWN = 500;
    const lines = keys.slice(0, SHOWN).map((one) => [make('a', { href: `#state/${at(api)}/${at(collection)}/${at(one)}${whose}` }, one), make('code', {}, JSON.stringify(items[one]).slice(0, 160))]);
    view.replaceChildren(...frame,
      keys.length ? table(`Items of ${collection}`, ['Key', 'Item'], lines) : make('p', { className: 'dim' }, 'Nothing was written to it, and no fixture is of it.'),
      keys.length > SHOWN ? make('p', { className: 'dim' }, `${(keys.length - SHOWN).toLocaleString('en')} more aren’t listed.`) : '',
      make('ul', { className: 'actions' },
        make('li', {}, make('a', { href: `#state/${at(api)}/${at(collection)}/${whose}` }, 'Add an item')),
        make('li', {}, button('Empty it', async () => { await ask(path + whose, { method: 'DELETE' }); await show(location.hash); }, said))));
  }

  function editor(path, key, item, whose, said) {
    const list = () => { location.hash = `state/${path.split('/').slice(2).join('/')}${whose}`; };
    const own = make('input', { id: 'item.key', value: key, readOnly: key !== '', autocomplete: 'off', spellcheck: false, required: true });
    const text = make('textarea', { id: 'item.text', value: typeof item === 'string' ? pretty(item) : '{\n}', rows: 20, dir: 'ltr', spellcheck: false });
    const form = make('form', { className: 'edit try' },
      make('p', { className: 'input' }, make('label', { for: 'item.key' }, 'key'), own),
      make('p', { className: 'input' }, make('label', { for: 'item.text' }, 'item'), text),
      make('p', { className: 'dim' }, 'It is stored as it is: no contract and no rule is asked.'),
      make('ul', { className: 'actions' }, make('li', {}, make('button', { type: 'submit', className: 'send' }, 'Save')),
        key === '' ? '' : make('li', {}, button('Remove', async () => { await ask(`${path}/${at(key)}${whose}`, { method: 'DELETE' }); list(); }, said))));
    form.addEventListener('submit', async (event) => {
      event.preventDefault();
      try {
        JSON.parse(text.value);
        await ask(`${path}/${at(own.value)}${whose}`, { method: 'PUT', text: text.value });
        said.className = '';
        said.textContent = 'Saved.';
        if (key === '') list();
      } catch (error) { said.className = 'error'; said.textContent = error.message; }
    });
    return form;
  }

  // ---- Which view ----

  const OTHERS = { sandboxes, coverage, state };

  async function show(hash) {
    const [path, search = ''] = hash.replace(/^#/, '').split('?');
    const [first, ...rest] = path.split('/').map((part) => { try { return decodeURIComponent(part); } catch { return part; } });
    const name = first === 'exchange' || !VIEWS.includes(first) ? 'exchanges' : first;
    if (first === 'main') return;
    for (const view of VIEWS) room(view).hidden = view !== name;
    for (const link of document.querySelectorAll('.top nav a[href^="#"]')) {
      if (link.hash === `#${name}`) link.setAttribute('aria-current', 'page'); else link.removeAttribute('aria-current');
    }
    if (name === 'exchanges') { exchanges.show(first === 'exchange' ? Number(rest[0]) : null); return; }
    const view = room(name);
    try {
      await OTHERS[name](view, rest, new URLSearchParams(search));
    } catch (error) {
      view.replaceChildren(heading(name[0].toUpperCase() + name.slice(1)), make('p', { className: 'error', role: 'alert' }, error.message));
    }
  }

  addEventListener('hashchange', async () => {
    await show(location.hash);
    if (!document.activeElement || document.activeElement === document.body) document.querySelector('main section:not([hidden]) h1')?.focus({ preventScroll: true });
  });
  show(location.hash);
})();
