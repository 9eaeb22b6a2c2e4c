// What a person may do to a model: each act says what will happen, asks who and why, and does nothing before it is confirmed.

import { Refusal, post, token, who } from './api.js';
import { byId, fill, h, on, show } from './dom.js';
import { count, listed, taskName } from './format.js';
import { forgetUnused, unusedFound } from './unused.js';

const versionOf = (model, number) => model.versions.find((version) => version.number === number);
const tasksOf = (model, numbers) => numbers.map((number) => versionOf(model, number)?.task).filter(Boolean);
const heldTasks = (model) => model.versions.filter((version) => version.held).map((version) => version.task);
const root = (model) => `api/v1/models/${model.name}`;

/** Why a version becomes champion only where a person insists. */
function unfit(version) {
  if (version.standing === 'quarantined') return 'It failed its verdict.';
  if (version.standing === 'candidate') return 'It has not been measured.';
  return null;
}

/**
 * Each act: its title, what will happen as sentences (or `moot`, where it is so already), where it goes, and what is said afterwards.
 * `subject` is what the button was about, `model` and `task` are as they are now.
 */
const ACTS = {
  promote: {
    title: ({ version }) => `Promote version ${version}`,
    moot: ({ version }, model) => model.champion === version && `Version ${version} is champion already.`,
    what({ version }, model) {
      const held = versionOf(model, version)?.heldBack ?? [];
      return [
        model.champion ? `Version ${version} becomes champion instead of version ${model.champion}.` : `Version ${version} becomes the first champion.`,
        'Whoever asks the union view without naming a version is answered by it from then on. No weight changes.',
        held.length > 0 ? `What was held back is so no longer: ${listed(held)}.` : null,
      ];
    },
    insist: ({ version }, model) => unfit(versionOf(model, version)),
    send: ({ version }, model, said) => post(`${root(model)}/promote`, { version, force: said.force, why: said.why }, said),
    done: ({ version }, model) => `Version ${version} of ${model.name} is champion.`,
  },
  rollback: {
    title: ({ version }) => `Roll back to version ${version}`,
    moot: ({ version }, model) => model.champion === version && `Version ${version} is champion already.`,
    what({ version }, model) {
      const before = versionOf(model, version)?.holds ?? [];
      const left = tasksOf(model, (versionOf(model, model.champion)?.holds ?? []).filter((number) => !before.includes(number)));
      return [
        `Version ${version} becomes champion again instead of version ${model.champion}.`,
        left.length > 0 ? `No version that holds ${listed(left)} becomes champion by itself until somebody promotes one.` : null,
        `No weight is freed. The next task is trained on version ${model.parent}, as before.`,
      ];
    },
    insist: ({ version }, model) => unfit(versionOf(model, version)),
    send: ({ version }, model, said) => post(`${root(model)}/rollback`, { version, force: said.force, why: said.why }, said),
    done: ({ version }, model) => `Version ${version} of ${model.name} is champion again.`,
  },
  drop: {
    title: ({ task }) => `Drop the task ${task}`,
    moot: ({ task }, model) => !heldTasks(model).includes(task) && `${task} is in no version to come already.`,
    what({ task }, model, status, busy) {
      const own = model.versions.find((version) => version.held && version.task === task);
      const others = heldTasks(model).filter((other) => other !== task);
      return [
        `Its ${count(own?.owned ?? 0)} weights get the base’s values back and are free.`,
        others.length > 0
          ? `A new version of ${listed(others)} is made, and measured before it may become champion.`
          : 'It is the only task: the next one is trained on the base.',
        'Earlier versions keep it, its own task view answers as before, and its name may be pushed again.',
        busy.length > 0 ? `What trains now, ${listed(busy)}, began with it and is trained again.` : null,
      ];
    },
    send: ({ task }, model, said) => post(`${root(model)}/tasks/${task}/drop`, { why: said.why }, said),
    done: ({ task }, model) => `${task} is in no version of ${model.name} to come.`,
  },
  cancel: {
    title: ({ task }) => `Cancel ${task}`,
    moot: ({ task, run }, model, status) => (status?.run !== run || !['READY', 'TRAINING'].includes(status?.state)) && `The run of ${task} is over already.`,
    what({ task }, model, status) {
      const at = status?.progress?.steps > 0 ? `, ${count(status.progress.step)} of ${count(status.progress.steps)} steps done,` : '';
      return [
        status?.state === 'TRAINING'
          ? `The training of ${task}${at} ends at its next step; what it has reserved is free.`
          : `${task} leaves the queue when its turn comes and is not trained.`,
        'Nothing that is committed changes. What it has learnt so far is lost; its name may be pushed again.',
      ];
    },
    send: ({ task, run }, model, said) => post(`${root(model)}/tasks/${task}/cancel`, { run, why: said.why }, said),
    done: ({ task }) => `${task} is cancelled.`,
  },
  resume: {
    title: (subject, model) => `Resume ${model.name}`,
    moot: (subject, model) => !model.parked && `${model.name} is not parked.`,
    what: (subject, model) => [
      `Every stored file of ${model.name} is read and held against its digest.`,
      'If all are as they were stored, the model goes on with what waits. If one is not, it stays parked, and you are told which.',
    ],
    send: (subject, model, said) => post(`${root(model)}/resume`, said.why, said),
    done: (subject, model) => `${model.name} goes on.`,
  },
  acknowledge: {
    title: () => 'Acknowledge the alert',
    moot: (subject) => (alertOf(subject) ? alertOf(subject).acknowledged && `${alertOf(subject).acknowledged.who} looks after it already.` : 'It is not among the newest alerts any more.'),
    what: (subject) => [
      alertOf(subject)?.message ?? null,
      'It stays here under your name, counts as looked after, and is not sent any more where it has not arrived yet.',
    ],
    send: ({ alert }, model, said) => post(`api/v1/alerts/${encodeURIComponent(alert)}/acknowledge`, { why: said.why }, said),
    done: () => 'The alert is acknowledged.',
  },
  silence: {
    title: () => 'Silence alerts like this',
    moot: (subject) => !alertOf(subject) && 'It is not among the newest alerts any more.',
    lasts: true,
    what(subject, model) {
      const alert = alertOf(subject);
      const about = alert?.task ? `the task ${alert.task} of ${model.name}` : alert?.model ?? 'whatever model, or none,';
      return [`Alerts of the kind “${alert?.kind}” about ${about} are not sent for the time you choose.`, 'They are raised and shown here all the same.'];
    },
    send(subject, model, said) {
      const alert = alertOf(subject);
      return post('api/v1/silences', { model: alert.model ?? undefined, task: alert.task ?? undefined, kind: alert.kind, lasts: said.lasts, why: said.why }, said);
    },
    done: () => 'Such alerts are silenced.',
  },
  lift: {
    title: () => 'Lift the silence',
    moot: (subject) => !silenceOf(subject) && 'It does not last any more.',
    what: (subject) => [`Alerts that ${silenceOf(subject)?.who ?? 'somebody'} silenced are sent again from now on.`],
    send: ({ silence }, model, said) => post(`api/v1/silences/${encodeURIComponent(silence)}/lift`, { why: said.why }, said),
    done: () => 'The silence is lifted.',
  },
  removeUnused: {
    title: () => 'Remove what nothing names',
    moot: () => !unusedFound() && 'Look first: what is removed is exactly what you have seen.',
    what: () => [
      `${count(unusedFound()?.found ?? 0)} files and folders of all models are deleted from the disk, ${count(unusedFound()?.bytes ?? 0)} bytes. They cannot be had back.`,
      'If anything else is unused by now than what you have seen, nothing is removed.',
      'No version, adapter, report or dataset is among them: whatever any event names stays.',
    ],
    async send(subject, model, said) {
      const { before, confirmation } = unusedFound();
      try {
        removed = await post('api/v1/unused-files/remove', { before, confirmation, why: said.why }, said);
      } finally {
        forgetUnused();
      }
    },
    done: () => `${count(removed.removed)} of ${count(removed.found)} removed, ${count(removed.removedBytes)} bytes${removed.removed < removed.found ? '; the others were written again meanwhile' : ''}.`,
  },
};

const alertOf = ({ alert }) => state.alerts.find((each) => each.id === alert);
const silenceOf = ({ silence }) => state.alerts.map((each) => each.silenced).find((each) => each?.id === silence);

let state = null;
let removed = null;
let asked = null;
let sending = false;

/** A button that asks for an act; it does nothing itself. */
export function actButton(act, label, subject = {}) {
  const data = Object.fromEntries(Object.entries(subject).map(([key, value]) => [`data-${key}`, value]));
  return h('button', { type: 'button', class: 'act', 'data-act': act, 'data-key': `${act} ${Object.values(subject).join(' ')}`, ...data }, label);
}

/** What is known has changed: an open question says what would happen now. */
export function knowing(next) {
  state = next;
  if (asked && !sending) describe();
}

/** What is being asked for, as it stands now. */
function subject() {
  const model = state.models.find((each) => each.name === asked.model);
  const status = state.tasks.find((each) => each.task === `${asked.model}/${asked.task}`);
  const busy = state.tasks.filter((each) => each.task.startsWith(`${asked.model}/`) && each.state === 'TRAINING').map((each) => taskName(each.task));
  return [ACTS[asked.act], model, status, busy];
}

function open(act, model, data) {
  asked = { act, model, task: data.task, run: data.run, alert: data.alert, silence: data.silence, version: data.version ? Number(data.version) : undefined };
  byId('act-who').value = who.get();
  byId('act-why').value = '';
  byId('act-token').value = token.get();
  byId('act-force').checked = false;
  complain(null);
  describe();
  byId('act').showModal();
  byId(who.get() ? 'act-why' : 'act-who').focus();
}

function describe() {
  const [act, model, status, busy] = subject();
  const moot = model ? act.moot(asked, model, status) : `${asked.model} is not there any more.`;
  fill('act-title', act.title(asked, model ?? { name: asked.model }));
  fill('act-model', asked.model);
  fill('act-what', (moot ? [moot] : act.what(asked, model, status, busy).filter(Boolean)).map((line) => h('li', {}, line)));
  show('act-lasting', Boolean(act.lasts));
  const insist = moot ? null : act.insist?.(asked, model);
  show('act-insist', Boolean(insist));
  fill('act-unfit', insist ? `${insist} Do it all the same: the log will say that it was forced.` : '');
  byId('act-do').disabled = Boolean(moot) || sending;
  fill('act-do', sending ? 'Asking the registry…' : act.title(asked, model ?? { name: asked.model }));
}

function complain(text) {
  show('act-error', Boolean(text));
  fill('act-error', text ?? '');
}

/** What is missing before anything may be sent: the field, and what to say. */
function missing(insist) {
  const fields = [['act-who', 'Say who you are; it stands in the log.'], ['act-why', 'Say why; it stands in the log.'], ['act-token', 'The server asks for its token before it changes anything.']];
  const empty = fields.find(([id]) => byId(id).value.trim() === '');
  if (empty) return empty;
  return insist && !byId('act-force').checked ? ['act-force', 'It is refused unless you insist.'] : null;
}

async function confirm() {
  if (sending || !asked) return;
  const [act, model, status] = subject();
  if (!model || act.moot(asked, model, status)) {
    describe();
    return;
  }
  const lack = missing(act.insist?.(asked, model));
  if (lack) {
    complain(lack[1]);
    byId(lack[0]).focus();
    return;
  }
  const said = { name: byId('act-who').value.trim(), why: byId('act-why').value.trim(), force: byId('act-force').checked, lasts: byId('act-lasts').value };
  who.set(said.name);
  token.set(byId('act-token').value.trim());
  complain(null);
  sending = true;
  describe();
  const about = asked;
  try {
    await act.send(about, model, said);
    sending = false;
    close();
    tell(act.done(about, model));
  } catch (error) {
    sending = false;
    if (!(error instanceof Refusal)) throw error;
    if (error.code === 'NO_TOKEN') byId('act-token').focus();
    complain(`${error.code}: ${error.message}`);
    if (asked) describe();
    else tell(`${act.title(about, model)}: ${error.code}: ${error.message}`);
  }
}

function close() {
  asked = null;
  byId('act').close();
}

/** Says what has come of something, until the next. */
export function tell(text) {
  show('notice', true);
  fill('notice-text', text);
}

export function startActs(currentModel) {
  on('board', 'click', 'button[data-act]', (button) => open(button.dataset.act, currentModel().name, button.dataset));
  byId('act-form').addEventListener('submit', (event) => {
    event.preventDefault();
    confirm();
  });
  byId('act-leave').addEventListener('click', () => !sending && close());
  byId('act').addEventListener('cancel', (event) => {
    if (sending) event.preventDefault();
  });
  byId('act').addEventListener('close', () => {
    if (!sending) asked = null;
  });
  byId('notice-close').addEventListener('click', () => show('notice', false));
}
