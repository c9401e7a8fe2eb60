import type { ClusterTime } from '../storage/cluster-clock.ts'

/**
 * How far a majority of the replica set has the writes. There is one node, so without a lag that is everything; with
 * one, the other members are played: they have a write so many milliseconds after it was done here.
 */
export interface MajorityPoint {
  /** Milliseconds by which the majority is behind; 0 unless somebody asked for a lag. */
  readonly lag: number
  setLag(milliseconds: number): void
  /** Everything up to this cluster time is held by a majority and survives a failover. */
  time(): ClusterTime
  /** Something was written at that time; its records in the oplog have the numbers `from` to before `end`. */
  appended(time: ClusterTime, from: number, end: number): void
  /** What has a number before this one is in the file. */
  kept(mark: number): void
  /** The majority has everything now: before a change of the catalog, which is never rolled back. */
  catchUp(): void
  /** What the majority does not have was rolled back: the oplog ends before this number now. */
  forgetRest(end: number): void
  /** Settles when a majority holds that time. Rejects with the signal's reason when it fires before. */
  reached(time: ClusterTime, signal: AbortSignal): Promise<void>
}

export interface MajorityOptions {
  /** The newest cluster time, also where nothing was written at it. */
  now(): ClusterTime
  /** Change streams may see what has a number before this one. */
  publish(mark: number): void
}

interface Behind {
  readonly time: ClusterTime
  readonly from: number
  readonly end: number
  readonly due: number
}

export function createMajorityPoint({ now, publish }: MajorityOptions): MajorityPoint {
  let lag = 0
  let keptUpTo = 0
  /** Written here and not yet held by a majority, in order. The first one's time is where the majority ends. */
  let behind: Behind[] = []
  let timer: NodeJS.Timeout | undefined
  const waiting = new Set<() => void>()

  /** Lets go of what its time has come for and what is in the file: before that nobody may have it. */
  function settle(): void {
    const at = performance.now()
    let done = 0
    for (const { due, end } of behind) {
      if (due > at || end > keptUpTo) break
      done++
    }
    if (done > 0) behind.splice(0, done)
    publish(Math.min(keptUpTo, behind[0]?.from ?? keptUpTo))
    for (const wake of [...waiting]) wake()
    const [next] = behind
    // What is due and not in the file yet is looked at again when it is kept.
    if (next === undefined || timer !== undefined || next.due <= at) return
    timer = setTimeout(() => {
      timer = undefined
      settle()
    }, next.due - at)
    timer.unref()
  }

  function letGo(): void {
    behind = []
    settle()
  }

  const time = () => {
    const [first] = behind
    return first === undefined ? now() : first.time - 1n
  }
  return {
    get lag() {
      return lag
    },
    setLag(milliseconds) {
      lag = milliseconds
      if (lag === 0) letGo()
    },
    time,
    appended(writtenAt, from, end) {
      if (lag > 0) behind.push({ time: writtenAt, from, end, due: performance.now() + lag })
    },
    kept(mark) {
      keptUpTo = mark
      settle()
    },
    catchUp: letGo,
    forgetRest(end) {
      keptUpTo = Math.min(keptUpTo, end)
      letGo()
    },
    reached: (wanted, signal) =>
      new Promise<void>((resolve, reject) => {
        const wake = () => {
          if (!signal.aborted && time() < wanted) return
          waiting.delete(wake)
          signal.removeEventListener('abort', wake)
          if (signal.aborted) reject(signal.reason)
          else resolve()
        }
        waiting.add(wake)
        signal.addEventListener('abort', wake)
        wake()
      }),
  }
}
