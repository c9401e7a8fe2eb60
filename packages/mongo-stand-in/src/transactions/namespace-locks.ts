import type { ServerError } from '../server-error.ts'

export type LockMode = 'shared' | 'exclusive'

/** Whoever holds locks: an operation, or a transaction for as long as it is open. */
export type LockOwner = object

export interface LockWait {
  /** Milliseconds to wait at most; undefined waits as long as it takes. */
  readonly timeoutMs?: number
  /** The error with which a wait ends that took too long. */
  readonly onTimeout: () => ServerError
  readonly signal?: AbortSignal
}

interface Request {
  readonly mode: LockMode
  readonly owner: LockOwner
  readonly grant: () => void
}

interface Resource {
  readonly holders: Map<LockOwner, LockMode>
  readonly queue: Request[]
}

/**
 * Locks by namespace, granted strictly in turn: behind an exclusive request that waits for an open transaction, every
 * later operation of the collection queues too, reads as well. That is what a collMod does to a mongod.
 */
export class NamespaceLocks {
  readonly #resources = new Map<string, Resource>()

  /** Settles when the owner holds the lock. Who holds it already passes at once, whoever waits. */
  async acquire(ns: string, mode: LockMode, owner: LockOwner, wait: LockWait): Promise<void> {
    const resource = this.#resource(ns)
    const held = resource.holders.get(owner)
    if (held === 'exclusive' || held === mode) return
    if (resource.queue.length === 0 && isCompatible(resource, mode, owner)) {
      resource.holders.set(owner, mode)
      return
    }
    await this.#enqueue(ns, resource, mode, owner, wait)
  }

  release(ns: string, owner: LockOwner): void {
    const resource = this.#resources.get(ns)
    if (resource === undefined) return
    resource.holders.delete(owner)
    this.#grantInTurn(ns, resource)
  }

  /** Whether an operation stands in the queue: `$currentOp` shows it. */
  isWaiting(owner: LockOwner): boolean {
    for (const { queue } of this.#resources.values())
      if (queue.some((request) => request.owner === owner)) return true
    return false
  }

  #enqueue(ns: string, resource: Resource, mode: LockMode, owner: LockOwner, wait: LockWait): Promise<void> {
    const { promise, resolve, reject } = Promise.withResolvers<void>()
    const request: Request = { mode, owner, grant: resolve }
    resource.queue.push(request)
    const giveUp = (reason: unknown) => {
      const at = resource.queue.indexOf(request)
      if (at === -1) return
      resource.queue.splice(at, 1)
      // What queued behind this request may have waited for it alone.
      this.#grantInTurn(ns, resource)
      reject(reason)
    }
    const timer =
      wait.timeoutMs === undefined ? undefined : setTimeout(() => giveUp(wait.onTimeout()), wait.timeoutMs)
    const onAbort = () => giveUp(wait.signal?.reason)
    if (wait.signal?.aborted) onAbort()
    wait.signal?.addEventListener('abort', onAbort)
    return promise.finally(() => {
      clearTimeout(timer)
      wait.signal?.removeEventListener('abort', onAbort)
    })
  }

  #grantInTurn(ns: string, resource: Resource): void {
    for (let next = resource.queue[0]; next !== undefined; next = resource.queue[0]) {
      if (!isCompatible(resource, next.mode, next.owner)) return
      resource.queue.shift()
      resource.holders.set(next.owner, next.mode)
      next.grant()
    }
    if (resource.holders.size === 0) this.#resources.delete(ns)
  }

  #resource(ns: string): Resource {
    let resource = this.#resources.get(ns)
    if (resource === undefined) {
      resource = { holders: new Map(), queue: [] }
      this.#resources.set(ns, resource)
    }
    return resource
  }
}

function isCompatible({ holders }: Resource, mode: LockMode, owner: LockOwner): boolean {
  for (const [holder, held] of holders) {
    if (holder !== owner && (mode === 'exclusive' || held === 'exclusive')) return false
  }
  return true
}
