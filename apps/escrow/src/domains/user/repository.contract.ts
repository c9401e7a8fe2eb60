import { expect, test } from 'vitest'
import { type EntityId, newId } from '../../platform/ids.ts'
import type { UnitStore } from '../../platform/unit-store.ts'
import type { CountStatements } from '../../testing/counted-statements.ts'
import { exampleUser } from '../../testing/example-user.ts'
import type { UserRepositories } from '../../units.ts'
import type { StoredRefreshToken, User } from './model.ts'

type Store = UnitStore<UserRepositories>

const at = new Date('2026-03-01T10:00:00.123Z')
const later = new Date('2026-03-02T08:00:00.000Z')

function bareUser(id: EntityId): User {
  const nothing = { email: null, password: null, firstName: null, lastName: null, role: null, status: null }
  return exampleUser({
    ...nothing,
    id,
    isEmailVerified: null,
    authProvider: null,
    telegramVerified: null,
    referralCode: null,
    points: { total: null, available: null, used: null, level: null },
    referralStats: { totalReferrals: null, activeReferrals: null, totalEarned: null },
    profile: { avatar: null, phone: null, bio: null, website: null, isPublic: null },
    preferences: null,
    walletAddress: null,
    lastLoginAt: null,
    failedLogins: null,
  })
}

function token(hash: string, changes: Partial<StoredRefreshToken> = {}): StoredRefreshToken {
  return { tokenHash: hash, family: 'family', usedAt: null, expiresAt: later, userAgent: null, ...changes }
}

async function insert(store: Store, ...all: User[]): Promise<void> {
  await store.transaction(async ({ users }) => {
    for (const user of all) await users.insert(user)
  })
}

/** What every implementation of `UserRepository` must do. */
export function userRepositoryContract(freshStore: () => Promise<Store>, count: CountStatements): void {
  test('a user comes back as stored, whether everything is there or nothing', async () => {
    const store = await freshStore()
    const full = exampleUser()
    const bare = bareUser(newId())
    await insert(store, full, bare, exampleUser({ referredBy: full.id }))
    expect(await store.read.users.find(full.id)).toEqual(full)
    expect(await store.read.users.find(bare.id)).toEqual(bare)
    expect(await store.read.users.find(newId())).toBeNull()
  })

  test('users are found by e-mail, referral code and many ids', async () => {
    const store = await freshStore()
    const [one, two] = [exampleUser(), exampleUser()]
    await insert(store, one, two)
    expect(await store.read.users.findByEmail(one.email ?? '')).toEqual(one)
    expect(await store.read.users.findByEmail('nobody@example.com')).toBeNull()
    expect(await store.read.users.findByReferralCode(two.referralCode ?? '')).toEqual(two)
    const found = await store.read.users.findMany([two.id, newId(), one.id])
    expect(new Set(found.map(({ id }) => id))).toEqual(new Set([one.id, two.id]))
  })

  test('an e-mail address and a referral code belong to one user', async () => {
    const store = await freshStore()
    const first = exampleUser()
    const second = exampleUser()
    await insert(store, first, second)
    await expect(insert(store, exampleUser({ email: first.email }))).rejects.toMatchObject({
      code: 'USER_EXISTS',
    })
    const steal = { referralCode: first.referralCode }
    const stealing = store.transaction(({ users }) => users.update(second.id, steal, later))
    await expect(stealing).rejects.toMatchObject({ code: 'REFERRAL_CODE_TAKEN' })
    expect(await store.read.users.find(second.id)).toEqual(second)
  })

  test('an update changes what it names, takes away what is null, and stamps the time', async () => {
    const store = await freshStore()
    const before = exampleUser()
    await insert(store, before)
    const points = { total: 5, available: null, used: 0, level: 2 }
    const changes = { firstName: null, points, failedLogins: 3, lastName: undefined }
    await store.transaction(({ users }) => users.update(before.id, changes, later))
    expect(await store.read.users.find(before.id)).toEqual({
      ...before,
      firstName: null,
      points,
      failedLogins: 3,
      updatedAt: later,
    })
  })

  test('a locked user is the one that is read, and referrals are counted from nothing', async () => {
    const store = await freshStore()
    const user = bareUser(newId())
    await insert(store, user)
    await store.transaction(async ({ users }) => {
      expect(await users.lock(user.id)).toEqual(user)
      await users.countReferral(user.id, later)
      await users.countReferral(user.id, later)
    })
    expect((await store.read.users.find(user.id))?.referralStats.totalReferrals).toBe(2)
    expect(await store.transaction(({ users }) => users.lock(newId()))).toBeNull()
  })

  test('changes that meet on one user are made one after the other', async () => {
    const store = await freshStore()
    const user = exampleUser({ points: { total: 0, available: 0, used: 0, level: 1 } })
    await insert(store, user)
    const add = () =>
      store.transaction(async ({ users }) => {
        const current = await users.lock(user.id)
        if (current === null) throw new Error('the user is gone')
        const points = { ...current.points, available: (current.points.available ?? 0) + 1 }
        await users.update(user.id, { points }, later)
      })
    await Promise.all(Array.from({ length: 5 }, add))
    expect((await store.read.users.find(user.id))?.points.available).toBe(5)
  })

  test('refresh tokens are kept in order, found by their hash and replaced as a whole', async () => {
    const store = await freshStore()
    const [owner, other] = [exampleUser(), exampleUser()]
    await insert(store, owner, other)
    const hashes = [newId(), newId(), newId()]
    const tokens = hashes.map((hash) => token(hash, { usedAt: at, userAgent: 'Firefox' }))
    await store.transaction(({ users }) => users.saveRefreshTokens(owner.id, tokens, later))
    expect(await store.read.users.refreshTokens(owner.id)).toEqual(tokens)
    expect(await store.read.users.refreshTokens(other.id)).toEqual([])
    expect((await store.read.users.findByRefreshToken(['no', hashes[1] ?? '']))?.id).toBe(owner.id)

    const replaced = [token(newId(), { expiresAt: null })]
    await store.transaction(({ users }) => users.saveRefreshTokens(owner.id, replaced, later))
    expect(await store.read.users.refreshTokens(owner.id)).toEqual(replaced)
    expect(await store.read.users.findByRefreshToken([hashes[1] ?? ''])).toBeNull()
    await store.transaction(({ users }) => users.saveRefreshTokens(owner.id, [], later))
    expect(await store.read.users.refreshTokens(owner.id)).toEqual([])
  })

  test('active sellers are listed page by page, the newest first', async () => {
    const store = await freshStore()
    const before = await store.read.users.countSellers()
    const [old, young] = [exampleUser(), exampleUser()]
    const plain = bareUser(newId())
    const noStatus: User = { ...bareUser(newId()), role: 'seller' }
    await insert(
      store,
      old,
      exampleUser({ role: 'buyer' }),
      exampleUser({ status: 'suspended' }),
      exampleUser({ status: 'deleted' }),
      plain,
      noStatus,
      young,
    )
    const list = async (limit: number, offset: number) =>
      (await store.read.users.listSellers({ limit, offset })).map(({ id }) => id)
    const newest = [old.id, young.id, noStatus.id].sort().reverse()
    expect(await list(3, 0)).toEqual(newest)
    expect(await list(2, 1)).toEqual(newest.slice(1))
    expect(await store.read.users.countSellers()).toBe(before + 3)
  })

  test('what it asks its store does not grow with the number of users or tokens', async () => {
    const store = await freshStore()
    const all = Array.from({ length: 9 }, () => exampleUser())
    await insert(store, ...all)
    const [id, ids] = [all[0]?.id ?? newId(), all.map((user) => user.id)]
    const { users } = store.read
    for (const some of [ids.slice(0, 1), ids]) {
      const tokens = some.map((one) => token(one))
      await store.transaction((unit) => unit.users.saveRefreshTokens(id, tokens, later))
      expect([
        await count(() => users.findMany(some)),
        await count(() => users.listSellers({ limit: some.length, offset: 0 })),
        await count(() => users.countSellers()),
        await count(() => users.refreshTokens(id)),
        await count(() => users.findByRefreshToken(some)),
      ]).toEqual([1, 1, 1, 1, 1])
    }
  })
}
