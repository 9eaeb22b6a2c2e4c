// Ties the parts together: which model and view is shown, and which part is drawn again when a section changes.

import { knowing, startActs } from './acts.js';
import { renderAlerts } from './alerts.js';
import { renderAsk, startAsk } from './ask.js';
import { renderBlame, startBlame } from './blame.js';
import { byId, fill, h, show, watchScrolling } from './dom.js';
import { renderForecast, startForecast } from './forecast.js';
import { renderLineage, startLineage } from './lineage.js';
import { renderLive } from './live.js';
import { renderMatrix, startMatrix } from './matrix.js';
import { renderMetrics } from './metrics.js';
import { follow } from './store.js';
import { renderSummary } from './summary.js';
import { renderTasks } from './tasks.js';
import { renderTessellation } from './tessellation.js';
import { renderUnused, startUnused } from './unused.js';
import { renderVersions } from './versions.js';

const LINK = { connecting: 'Connecting', live: 'Live', lost: 'Connection lost, trying again' };

let state = null;
let shown = null;
const chosen = Object.fromEntries(new URLSearchParams(location.hash.slice(1)));

function remember() {
  history.replaceState(null, '', `#${new URLSearchParams(chosen)}`);
}

function current() {
  const named = (name) => state.models.find((model) => model.name === name);
  return named(chosen.model) ?? named(shown) ?? liveliest();
}

/** Without a choice: the model that grew last, one with exclusive ownership first. */
function liveliest() {
  const grown = (model) => model.versions[model.versions.length - 1]?.at ?? '';
  const rank = (model) => `${model.ownership === 'EXCLUSIVE' ? 1 : 0} ${grown(model)}`;
  return state.models.reduce((best, model) => (rank(model) > rank(best) ? model : best));
}

function draw(sections) {
  const changed = (...names) => names.some((name) => sections.has(name));
  knowing(state);
  show('board', state.models.length > 0);
  show('welcome', state.models.length === 0);
  if (state.models.length === 0) {
    welcome();
    return;
  }
  const model = current();
  const all = changed(null, 'models') || shown !== model.name;
  shown = model.name;
  if (all) picker(model);
  const matrices = state.matrices[model.name];
  if (all || changed('matrices')) {
    renderSummary(model, matrices);
    matrix(model, matrices);
    renderMetrics(matrices, model.forgettingBudget);
    renderBlame(model, matrices?.union);
  }
  if (all || changed('tessellations')) renderTessellation(state.tessellations[model.name], model);
  if (all) {
    renderVersions(model);
    renderAsk(model);
    renderLineage(model);
    renderUnused();
  }
  if (all || changed('tasks', 'matrices')) renderTasks(state.tasks.filter(of(model)), model, matrices?.task);
  if (all || changed('tasks')) renderForecast(model, state.tasks.filter(of(model)));
  if (all || changed('live')) renderLive(state.live.filter((standing) => standing.model === model.name), model);
  if (all || changed('alerts', 'deadLetters')) {
    renderAlerts(state.alerts.filter((alert) => (alert.model ?? model.name) === model.name), state.deadLetters.filter(of(model)));
  }
}

const of = (model) => (entry) => entry.task.startsWith(`${model.name}/`);

function matrix(model, matrices) {
  const view = chosen.view === 'task' ? 'task' : 'union';
  for (const button of document.querySelectorAll('.switch button')) {
    button.setAttribute('aria-pressed', String(button.dataset.view === view));
  }
  renderMatrix(matrices?.[view] ?? { view, versions: [] }, model);
}

function picker(model) {
  show('picker', true);
  const names = state.models.map((each) => each.name);
  const select = byId('model');
  if (names.join() !== [...select.options].map((option) => option.value).join()) {
    fill('model', names.map((name) => h('option', { value: name }, name)));
  }
  select.value = model.name;
  document.title = `${model.name} · Tessellate`;
}

function welcome() {
  fill('welcome',
    h('h1', {}, 'Nothing registered yet'),
    h('p', { class: 'muted' }, 'Tessellate grows a base model task by task; no two tasks ever share a weight. This page fills as events arrive.'),
    h('ol', {},
      h('li', {}, 'Register a base in Hugging Face layout:', h('code', { class: 'command' }, 'tessellate models register support-bot --base DIR')),
      h('li', {}, 'Push a first data set:', h('code', { class: 'command' }, 'tessellate push support-bot/sentiment --data DIR')),
      h('li', {}, 'Or watch five tasks go by:', h('code', { class: 'command' }, 'tessellate demo'))));
}

byId('model').addEventListener('change', (event) => {
  chosen.model = event.target.value;
  remember();
  draw(new Set([null]));
});

for (const button of document.querySelectorAll('.switch button')) {
  button.addEventListener('click', () => {
    chosen.view = button.dataset.view;
    remember();
    if (state?.models.length > 0) matrix(current(), state.matrices[current().name]);
  });
}

let pending = null;

/** Several sections that arrive together are drawn once, and nothing else is. */
function schedule(next, changed) {
  state = next;
  if (pending) {
    pending.add(changed);
    return;
  }
  pending = new Set([changed]);
  requestAnimationFrame(() => {
    const sections = pending;
    pending = null;
    draw(sections);
  });
}

startMatrix();
startActs(current);
startAsk(current);
startLineage(current);
startBlame();
startForecast();
startUnused();
watchScrolling();

follow(schedule, (link) => {
  byId('link').dataset.state = link;
  fill('link-text', LINK[link]);
});
