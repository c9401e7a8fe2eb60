import { describe, expect, it } from 'vitest'
import { serverError } from '../server-error.ts'
import { type LockMode, NamespaceLocks } from './namespace-locks.ts'

const NO_TIMEOUT = { onTimeout: () => serverError(50, 'MaxTimeMSExpired', 'too long') }

function recorder(locks: NamespaceLocks) {
  const order: string[] = []
  const request = (name: string, mode: LockMode, owner: object, timeoutMs?: number) =>
    locks.acquire('a.b', mode, owner, { ...NO_TIMEOUT, timeoutMs }).then(
      () => void order.push(name),
      (error: { code: number }) => void order.push(`${name}:${error.code}`),
    )
  return { order, request }
}

const settled = () => new Promise((resolve) => setTimeout(resolve, 5))

describe('NamespaceLocks', () => {
  it('lets readers of a collection queue behind an exclusive request that waits itself', async () => {
    const locks = new NamespaceLocks()
    const { order, request } = recorder(locks)
    const [transaction, collMod, reader] = [{}, {}, {}]
    await request('transaction', 'shared', transaction)
    const later = [request('collMod', 'exclusive', collMod), request('reader', 'shared', reader)]
    await settled()
    expect(order).toEqual(['transaction'])
    locks.release('a.b', transaction)
    await settled()
    expect(order).toEqual(['transaction', 'collMod'])
    locks.release('a.b', collMod)
    await Promise.all(later)
    expect(order).toEqual(['transaction', 'collMod', 'reader'])
  })

  it('lets whoever holds the lock go on, though an exclusive request waits', async () => {
    const locks = new NamespaceLocks()
    const { order, request } = recorder(locks)
    const transaction = {}
    await request('first', 'shared', transaction)
    void request('collMod', 'exclusive', {})
    await request('second', 'shared', transaction)
    expect(order).toEqual(['first', 'second'])
  })

  it('gives up after its time, and lets pass who waited behind it', async () => {
    const locks = new NamespaceLocks()
    const { order, request } = recorder(locks)
    await request('transaction', 'shared', {})
    const collMod = request('collMod', 'exclusive', {}, 10)
    const reader = request('reader', 'shared', {})
    await Promise.all([collMod, reader])
    expect(order.toSorted()).toEqual(['collMod:50', 'reader', 'transaction'])
  })

  it('ends a wait when the operation is killed', async () => {
    const locks = new NamespaceLocks()
    const controller = new AbortController()
    await locks.acquire('a.b', 'shared', {}, NO_TIMEOUT)
    const waiting = locks.acquire('a.b', 'exclusive', {}, { ...NO_TIMEOUT, signal: controller.signal })
    controller.abort(serverError(11601, 'Interrupted', 'killed'))
    await expect(waiting).rejects.toMatchObject({ code: 11601 })
  })
})
