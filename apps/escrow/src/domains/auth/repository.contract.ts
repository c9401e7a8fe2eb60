import { expect, test } from 'vitest'
import { newId, publicId } from '../../platform/ids.ts'
import type { UnitStore } from '../../platform/unit-store.ts'
import type { UserRepositories } from '../../units.ts'
import type { TempVerification } from './model.ts'

type Store = UnitStore<UserRepositories>

const at = new Date('2026-03-01T10:00:00.123Z')

function waiting(changes: Partial<TempVerification> = {}): TempVerification {
  const id = newId()
  return {
    id,
    email: `${publicId(id)}@example.com`,
    password: '',
    firstName: 'A',
    lastName: 'B',
    role: 'seller',
    referralCode: null,
    emailVerificationCode: 'hmac-sha256:00',
    emailVerificationCodeExpires: at,
    attempts: 0,
    createdAt: at,
    updatedAt: at,
    ...changes,
  }
}

/** What every implementation of `TempVerificationRepository` must do. */
export function tempVerificationRepositoryContract(freshStore: () => Promise<Store>): void {
  const find = (store: Store, email: string | null) =>
    store.transaction(({ tempVerifications }) => tempVerifications.lockByEmail(email ?? ''))
  const save = (store: Store, one: TempVerification) =>
    store.transaction(({ tempVerifications }) => tempVerifications.save(one))

  test('a sign-up is found by its address, changed, and removed', async () => {
    const store = await freshStore()
    const one = waiting()
    await save(store, one)
    await save(store, waiting())
    expect(await find(store, one.email)).toEqual(one)

    const changed = { ...one, attempts: 4, referralCode: 'ABC', updatedAt: new Date(at.getTime() + 1) }
    await save(store, changed)
    expect(await find(store, one.email)).toEqual(changed)

    await store.transaction(({ tempVerifications }) => tempVerifications.remove(one.id))
    expect(await find(store, one.email)).toBeNull()
  })

  test('nobody waits under an unknown address', async () => {
    expect(await find(await freshStore(), 'nobody@example.com')).toBeNull()
  })
}
