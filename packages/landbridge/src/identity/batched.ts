/**
 * A look-up by key that gathers all keys of one tick into one call of `load` per group. A failed load fails every
 * look-up of its batch; the next tick starts a new one.
 */
export function batched<T>(
  load: (group: string, keys: string[]) => Promise<Map<string, T>>,
): (group: string, key: string) => Promise<T | undefined> {
  const waiting = new Map<string, { keys: Set<string>; result: Promise<Map<string, T>> }>()
  return async (group, key) => {
    let batch = waiting.get(group)
    if (batch === undefined) {
      const keys = new Set<string>()
      const result = new Promise<void>((resolve) => {
        setImmediate(resolve)
      }).then(() => {
        waiting.delete(group)
        return load(group, [...keys])
      })
      batch = { keys, result }
      waiting.set(group, batch)
    }
    batch.keys.add(key)
    return (await batch.result).get(key)
  }
}
