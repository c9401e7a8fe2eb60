/** Where the application gets the time from, so that tests and rehearsals control it. */
export interface Clock {
  now(): Date
}

export const systemClock: Clock = { now: () => new Date() }

export interface FixedClock extends Clock {
  advance(milliseconds: number): void
  set(at: Date): void
}

/** A clock that stands still until it is moved. */
export function fixedClock(start: Date | string): FixedClock {
  let current = new Date(start)
  return {
    now: () => new Date(current),
    advance: (milliseconds) => {
      current = new Date(current.getTime() + milliseconds)
    },
    set: (at) => {
      current = new Date(at)
    },
  }
}

export const SECOND = 1000
export const MINUTE = 60 * SECOND
export const HOUR = 60 * MINUTE
export const DAY = 24 * HOUR

export function after(at: Date, milliseconds: number): Date {
  return new Date(at.getTime() + milliseconds)
}
