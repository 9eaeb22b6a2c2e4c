// Versions with their standing, and what their certificate says.

import { actButton } from './acts.js';
import { empty, fill, h, table } from './dom.js';
import { colourOf, listed, percent, time } from './format.js';

const STANDING = {
  champion: ['Champion', 'good'],
  promoted: ['Promoted', 'neutral'],
  passed: ['Passed', 'neutral'],
  quarantined: ['Quarantined', 'bad'],
  candidate: ['Candidate', 'busy'],
};

export function renderVersions(model) {
  fill('certificate', certificate(model));
  if (model.versions.length === 0) {
    fill('versions', empty('Only the base exists', 'A version is the base plus the adapters committed so far. The first task that is pushed makes the first.',
      `tessellate push ${model.name}/sentiment --data DIR --wait`));
    return;
  }
  fill('versions', table('Versions, newest first', [
    'Version', 'Brought', 'Method', { title: 'Owns', number: true }, 'Standing', 'Committed', 'Act',
  ], [...model.versions].reverse().map((version) => [
    h('span', { class: 'task-name' }, String(version.number)),
    brought(model, version),
    version.method || '–',
    version.task ? percent(version.owned / model.eligible) : '–',
    standing(version.standing),
    h('time', { class: 'muted', datetime: version.at }, time(version.at)),
    h('span', { class: 'acts' }, choose(model, version),
      h('button', { type: 'button', class: 'act', 'data-lineage': version.number, 'data-key': 'lineage' }, 'Lineage')),
  ])));
}

/** The task a version brought; of one that was composed, what it holds. */
function brought(model, version) {
  if (!version.task) return h('span', { class: 'muted' }, `composed of ${version.holds.map((number) => `v${number}`).join(', ') || 'nothing'}`);
  return h('span', { class: 'brought' }, h('span', { class: 'swatch', style: { '--swatch': colourOf(model, version.task) } }), version.task,
    version.held ? null : h('span', { class: 'muted' }, ', taken out'));
}

/** What may be done about who is champion: forward, or back. */
function choose(model, version) {
  if (version.number === model.champion) return null;
  return model.champion && version.number < model.champion
    ? actButton('rollback', 'Roll back…', { version: version.number })
    : actButton('promote', 'Promote…', { version: version.number });
}

function standing(name) {
  const [label, tone] = STANDING[name] ?? [name, 'neutral'];
  return h('span', { class: 'pill', 'data-tone': tone }, label);
}

function certificate(model) {
  if (model.ownership === 'SHARED') return 'Shared ownership: nothing is certified.';
  const { certificate: held } = model;
  if (!held) return 'Each version will carry a certificate of every owned weight.';
  if (held.tasks.length === 0) return `Version ${held.version} holds no task: there is nothing to certify.`;
  return held.ok
    ? `Certificate of version ${held.version}: the owned weights of ${held.tasks.length === 1 ? 'its task' : `all ${held.tasks.length} tasks`} are byte-identical to their commit.`
    : `Certificate of version ${held.version} does NOT hold for ${listed(held.tasks.filter((task) => !task.ok).map((task) => task.task))}.`;
}
