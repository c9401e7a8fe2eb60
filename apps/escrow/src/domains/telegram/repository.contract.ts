import { expect, test } from 'vitest'
import { newId } from '../../platform/ids.ts'
import type { UnitStore } from '../../platform/unit-store.ts'
import type { CountStatements } from '../../testing/counted-statements.ts'
import type { TelegramRepositories } from '../../units.ts'
import type { TelegramSession } from './model.ts'

type Store = UnitStore<TelegramRepositories>

// Of the present: a store with lifetimes of its own removes what is past its time.
const at = new Date(Date.now() - 60_000)
const hourLater = new Date(at.getTime() + 60 * 60_000)

export function exampleSession(changes: Partial<TelegramSession> = {}): TelegramSession {
  const id = newId()
  return {
    id,
    token: `hmac-sha256:${id}`,
    telegramUserId: '7012345678',
    userId: newId(),
    initDataFingerprint: `fingerprint ${id}`,
    authDate: at,
    source: 'miniapp',
    expiresAt: hourLater,
    isActive: true,
    createdAt: at,
    updatedAt: at,
    ...changes,
  }
}

/** What every implementation of the repositories of the unit `telegram` must do. */
export function telegramRepositoryContract(freshStore: () => Promise<Store>, count: CountStatements): void {
  const insert = (store: Store, ...all: TelegramSession[]) =>
    store.transaction(async ({ sessions }) => {
      for (const one of all) await sessions.insert(one)
    })
  const find = (store: Store, { token }: TelegramSession) => store.read.sessions.findByToken([token ?? ''])

  test('a session is found by one of its tokens, as it was stored', async () => {
    const store = await freshStore()
    const full = exampleSession()
    const bare = exampleSession({ userId: null, initDataFingerprint: null, authDate: null, source: null })
    await insert(store, full, bare)
    expect(await store.read.sessions.findByToken(['nothing', full.token ?? ''])).toEqual(full)
    expect(await find(store, bare)).toEqual(bare)
    expect(await store.read.sessions.findByToken(['nothing'])).toBeNull()
  })

  test('two sessions do not share a token', async () => {
    const store = await freshStore()
    const one = exampleSession()
    await insert(store, one)
    const twin = insert(store, exampleSession({ token: one.token }))
    await expect(twin).rejects.toMatchObject({ code: 'TELEGRAM_SESSION_TAKEN' })
  })

  test('a session is assigned to who signed in, and ended', async () => {
    const store = await freshStore()
    const one = exampleSession({ userId: null })
    await insert(store, one)
    const userId = newId()
    await store.transaction(({ sessions }) => sessions.assign(one.id, userId, hourLater))
    expect(await find(store, one)).toEqual({ ...one, userId, updatedAt: hourLater })
    await store.transaction(({ sessions }) => sessions.end(one.id, hourLater))
    expect(await find(store, one)).toMatchObject({ isActive: false })
  })

  test('the open ones of a person, and the end of all of an account', async () => {
    const store = await freshStore()
    const userId = newId()
    const [open, ended, late, foreign] = [
      exampleSession({ userId }),
      exampleSession({ userId, isActive: false }),
      exampleSession({ userId, expiresAt: new Date(at.getTime() + 30 * 60_000) }),
      exampleSession({ userId: newId(), telegramUserId: '7099999999' }),
    ]
    await insert(store, open, ended, late, foreign)
    const openOf = async (now: Date) => (await store.read.sessions.openOf(userId, now)).map(({ id }) => id)
    expect(await openOf(at)).toEqual([open.id, late.id])
    expect(await openOf(new Date(at.getTime() + 40 * 60_000))).toEqual([open.id])
    expect(await store.transaction(({ sessions }) => sessions.endAll('7012345678', at))).toBe(2)
    expect(await openOf(at)).toEqual([])
    expect(await find(store, foreign)).toEqual(foreign)
  })

  test('an update of the bot is taken once', async () => {
    const store = await freshStore()
    const record = (updateId: string) =>
      store.transaction(({ updates }) => updates.record({ id: newId(), updateId, at }))
    await record('5000000001')
    await record('5000000002')
    await expect(record('5000000001')).rejects.toMatchObject({ code: 'TELEGRAM_REPLAY', status: 409 })
  })

  test('what it asks its store does not grow with the number of sessions', async () => {
    const store = await freshStore()
    const userId = newId()
    const openOf = () => count(() => store.read.sessions.openOf(userId, at))
    await insert(store, exampleSession({ userId }))
    expect(await openOf()).toBe(1)
    await insert(store, ...Array.from({ length: 8 }, () => exampleSession({ userId })))
    expect(await openOf()).toBe(1)
  })
}
