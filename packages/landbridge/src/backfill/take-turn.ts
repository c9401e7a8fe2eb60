/** Waits until nobody else has the turn, takes it, and answers how to end it. */
export type TakeTurn = () => Promise<() => void>

/** One turn at a time, in the order in which they were asked for. */
export function oneTurnAtATime(): TakeTurn {
  let last: Promise<void> = Promise.resolve()
  return async () => {
    let end: () => void = () => undefined
    const before = last
    last = new Promise((resolve) => {
      end = resolve
    })
    await before
    return end
  }
}
