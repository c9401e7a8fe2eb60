import { Timestamp } from 'bson'

/** Seconds in the upper half, a counter in the lower: compares as the cluster time that it stands for. */
export type ClusterTime = bigint

export interface ClusterClock {
  /** The time of the last write or no-op. */
  now(): ClusterTime
  /** A time greater than every one before it; the next write carries it. */
  tick(): ClusterTime
  /** Never falls behind a time that a client or the file has seen. */
  advanceTo(time: ClusterTime): void
}

/** A logical clock that follows the wall clock by the second. `wallClock` gives milliseconds. */
export function createClusterClock(wallClock: () => number = Date.now): ClusterClock {
  const wallSeconds = () => BigInt(Math.floor(wallClock() / 1000))
  let current: ClusterTime = (wallSeconds() << 32n) + 1n
  return {
    now: () => current,
    tick: () => {
      const second = wallSeconds() << 32n
      current = second > current ? second + 1n : current + 1n
      return current
    },
    advanceTo: (time) => {
      if (time > current) current = time
    },
  }
}

export function toTimestamp(time: ClusterTime): Timestamp {
  return new Timestamp({ t: Number(time >> 32n), i: Number(time & 0xffffffffn) })
}

export function fromTimestamp(timestamp: Timestamp): ClusterTime {
  return (BigInt(timestamp.t) << 32n) | BigInt(timestamp.i)
}
