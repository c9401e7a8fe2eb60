import { expect, test } from 'vitest'
import { type EntityId, newId } from '../../platform/ids.ts'
import type { UnitStore } from '../../platform/unit-store.ts'
import type { CountStatements } from '../../testing/counted-statements.ts'
import type { ConfigRepositories } from '../../units.ts'
import type { ConfigSetting, ConfigSettingChange } from './model.ts'

type Store = UnitStore<ConfigRepositories>

const at = new Date('2026-03-01T10:00:00.123Z')
const minutesLater = (minutes: number) => new Date(at.getTime() + minutes * 60_000)

export function exampleSetting(changes: Partial<ConfigSetting> = {}): ConfigSetting {
  const id = newId()
  return {
    id,
    key: `key.${id}`,
    value: 200,
    type: 'number',
    description: 'توضیح',
    updatedBy: null,
    createdAt: at,
    updatedAt: at,
    ...changes,
  }
}

function change(key: string, changes: Partial<ConfigSettingChange> = {}): ConfigSettingChange {
  return {
    id: newId(),
    key,
    oldValue: 200,
    newValue: { confirmations: 300, note: null, list: [1.5, 'a'] },
    changedBy: newId(),
    reason: 'more blocks',
    changedAt: at,
    createdAt: at,
    updatedAt: at,
    ...changes,
  }
}

export interface ConfigStore {
  store: Store
  makeAdmin: () => Promise<EntityId>
  count: CountStatements
}

/** What every implementation of the settings' repositories must do. */
export function configRepositoryContract(openStore: () => Promise<ConfigStore>): void {
  const insert = (store: Store, ...all: ConfigSetting[]) =>
    store.transaction(async ({ settings }) => {
      for (const one of all) await settings.insert(one)
    })
  const read = async (store: Store, ...ids: EntityId[]) =>
    (await store.read.settings.list()).filter(({ id }) => ids.includes(id))

  test('settings come back as they were stored, whatever their values are, with one statement', async () => {
    const { store, makeAdmin, count } = await openStore()
    const values = [
      0,
      1.5,
      'text',
      // Texts that look like JSON stay texts.
      '50',
      'true',
      '{"a":1}',
      '۲۰۰',
      true,
      false,
      [1, 'a', null],
      { deep: { list: [{}] }, 'a.b': 1 },
      {},
      null,
    ]
    const updatedBy = await makeAdmin()
    const all = values.map((value) => exampleSetting({ value, updatedBy }))
    all.push(exampleSetting({ type: null, description: null, value: 2 ** 40 }))
    await insert(store, ...all)
    expect(await read(store, ...all.map(({ id }) => id))).toEqual(all)
    expect(await count(() => store.read.settings.list())).toBe(1)
  })

  test('a key belongs to one setting', async () => {
    const { store } = await openStore()
    const first = exampleSetting()
    await insert(store, first)
    const twin = insert(store, exampleSetting({ key: first.key }))
    await expect(twin).rejects.toMatchObject({ code: 'SETTING_TAKEN' })
  })

  test('a setting is found by its key and replaced, whatever it was', async () => {
    const { store } = await openStore()
    const before = exampleSetting({ value: { was: 'an object' } })
    await insert(store, before)
    const after = { ...before, value: 'a text', type: 'text', description: null, updatedAt: minutesLater(1) }
    await store.transaction(async ({ settings }) => {
      expect(await settings.lock(before.key ?? '')).toEqual(before)
      expect(await settings.lock('no such key')).toBeNull()
      await settings.update(after)
    })
    expect(await read(store, before.id)).toEqual([after])
  })

  test('the history of a key is newest first, paged, and needs neither setting nor person', async () => {
    const { store, count } = await openStore()
    const key = `key.${newId()}`
    const changes = [0, 1, 2].map((minutes) => change(key, { changedAt: minutesLater(minutes) }))
    const undated = change(key, { oldValue: null, reason: null, changedBy: null, changedAt: null })
    await store.transaction(async ({ history }) => {
      for (const one of [...changes, undated, change(`${key}.other`)]) await history.insert(one)
    })
    const newestFirst = [...changes.toReversed(), undated]
    expect(await store.read.history.listOf(key, { page: 1, limit: 10 })).toEqual({
      items: newestFirst,
      total: 4,
    })
    expect(await store.read.history.listOf(key, { page: 2, limit: 3 })).toEqual({
      items: [undated],
      total: 4,
    })
    expect(await count(() => store.read.history.listOf(key, { page: 1, limit: 1 }))).toBe(2)
    expect(await count(() => store.read.history.listOf(key, { page: 1, limit: 10 }))).toBe(2)
  })

  test('a setting and its history are written together or not at all', async () => {
    const { store } = await openStore()
    const setting = exampleSetting()
    const key = setting.key ?? ''
    const failing = store.transaction(async ({ settings, history }) => {
      await settings.insert(setting)
      await history.insert(change(key))
      throw new Error('no')
    })
    await expect(failing).rejects.toThrow('no')
    expect(await read(store, setting.id)).toEqual([])
    expect((await store.read.history.listOf(key, { page: 1, limit: 1 })).total).toBe(0)
  })
}
