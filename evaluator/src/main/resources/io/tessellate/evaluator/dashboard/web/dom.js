// Small helpers to build elements without markup in strings: nothing that comes from a topic is ever parsed as HTML.

/** An element; `on...` properties are listeners, `style` sets custom properties, null children are left out. */
export function h(tag, properties = {}, ...children) {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(properties)) {
    if (value === null || value === undefined || value === false) continue;
    if (name.startsWith('on')) element.addEventListener(name.slice(2), value);
    else if (name === 'style') for (const [key, text] of Object.entries(value)) element.style.setProperty(key, text);
    else if (name === 'class') element.className = value;
    else element.setAttribute(name, value === true ? '' : String(value));
  }
  element.append(...children.flat().filter((child) => child !== null && child !== undefined));
  return element;
}

/** The same of a drawing. */
export function drawing(tag, properties, ...children) {
  const element = document.createElementNS('http://www.w3.org/2000/svg', tag);
  for (const [name, value] of Object.entries(properties)) element.setAttribute(name, value);
  element.append(...children);
  return element;
}

export const byId = (id) => document.getElementById(id);

/** Makes the children of an element these. What is alike stays in place, so that focus, selection and what is unfolded outlive it. */
export function fill(id, ...children) {
  patch(byId(id), children.flat().filter((child) => child !== null && child !== undefined));
}

/**
 * Changes as little as possible. An element is alike by its tag and its `data-key`; one with a key is found wherever it stands. Listeners of
 * what comes anew are not taken over: whoever listens does so on an element that stays (see `on`).
 */
function patch(parent, wanted) {
  let at = parent.firstChild;
  for (const child of wanted) {
    const fresh = child instanceof Node ? child : document.createTextNode(String(child));
    const known = at && alike(at, fresh) ? at : keyed(at, fresh);
    if (!known) {
      parent.insertBefore(fresh, at);
    } else {
      if (known === at) at = at.nextSibling;
      else parent.insertBefore(known, at);
      adopt(known, fresh);
    }
  }
  while (at) {
    const next = at.nextSibling;
    at.remove();
    at = next;
  }
}

const keyOf = (node) => node.dataset?.key;
const alike = (one, other) => one.nodeName === other.nodeName && keyOf(one) === keyOf(other);

function keyed(from, fresh) {
  if (keyOf(fresh) === undefined) return null;
  for (let node = from; node; node = node.nextSibling) if (alike(node, fresh)) return node;
  return null;
}

function adopt(known, fresh) {
  if (known.nodeType !== Node.ELEMENT_NODE) {
    if (known.data !== fresh.data) known.data = fresh.data;
    return;
  }
  // What a reader has folded or unfolded stays so; styles are set as the content security policy lets them be.
  for (const { name, value } of fresh.attributes) {
    if (name !== 'style' && name !== 'open' && known.getAttribute(name) !== value) known.setAttribute(name, value);
  }
  for (const { name } of [...known.attributes]) {
    if (name !== 'open' && name !== 'style' && !fresh.hasAttribute(name)) known.removeAttribute(name);
  }
  if (known.style.cssText !== fresh.style.cssText) known.style.cssText = fresh.style.cssText;
  patch(known, [...fresh.childNodes]);
}

/** Listens to whatever matches the selector below an element that stays, now and later. */
export function on(id, type, selector, listener) {
  byId(id).addEventListener(type, (event) => {
    const target = event.target.closest?.(selector);
    if (target) listener(target, event);
  });
}

export function show(id, visible) {
  byId(id).hidden = !visible;
}

/** What stands where nothing is to be seen yet: what is missing, and the command that brings it. */
export function empty(title, text, command) {
  return h('div', { class: 'empty' },
    h('strong', {}, title),
    text ? h('span', {}, text) : null,
    command ? h('code', { class: 'command' }, command) : null);
}

/** What was said against something, by its code and in words. */
export const problem = (refusal) => h('p', { class: 'problem', role: 'alert' }, h('b', {}, refusal.code), ` ${refusal.message}`);

/** The options of a select, as [value, label]; what was chosen stays so while it can be, else `otherwise` is. */
export function choices(id, options, otherwise) {
  const before = byId(id).value;
  fill(id, options.map(([value, label]) => h('option', { value }, label)));
  byId(id).value = options.some(([value]) => value === before) ? before : otherwise;
}

/** Lets what scrolls sideways or up and down be reached by the keyboard, and only that. */
export function reachable(region) {
  const overflows = region.scrollWidth > region.clientWidth + 1 || region.scrollHeight > region.clientHeight + 1;
  if (overflows) {
    region.tabIndex = 0;
    region.setAttribute('role', 'region');
    region.setAttribute('aria-label', region.querySelector('caption')?.textContent ?? region.dataset.label ?? 'Table');
  } else {
    region.removeAttribute('tabindex');
    region.removeAttribute('role');
    region.removeAttribute('aria-label');
  }
}

/** Keeps `reachable` true of every scrolling part of the page. */
export function watchScrolling() {
  for (const region of document.querySelectorAll('.scroll')) {
    const look = () => reachable(region);
    new ResizeObserver(look).observe(region);
    new MutationObserver(look).observe(region, { childList: true, subtree: true });
    region.closest('details')?.addEventListener('toggle', look);
    look();
  }
}

/** A table from column titles and rows of cells; a cell may be text, a node, or {number} for right alignment. */
export function table(caption, columns, rows, { hideCaption = true } = {}) {
  const head = columns.map((column) =>
    h('th', { scope: 'col', class: column.number ? 'number' : null }, column.title ?? column));
  return h('table', { class: hideCaption ? 'hidden-caption' : null },
    h('caption', {}, caption),
    h('thead', {}, h('tr', {}, head)),
    h('tbody', {}, rows.map((row) => h('tr', { 'data-key': row[0].textContent ?? row[0] }, row.map((cell, i) =>
      i === 0
        ? h('th', { scope: 'row' }, cell)
        : h('td', { class: columns[i].number ? 'number' : null }, cell))))));
}
