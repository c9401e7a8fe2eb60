/**
 * Does the work for every item, at most `limit` at once. Waits for all that was begun, also when one fails, and then
 * throws the first error; after an abort or an error nothing more is begun.
 */
export async function atOnce<T>(
  limit: number,
  items: readonly T[],
  work: (item: T) => Promise<void>,
  signal?: AbortSignal,
): Promise<void> {
  const waiting = [...items]
  let failed = false
  const worker = async () => {
    for (
      let next = waiting.shift();
      next !== undefined && !failed && signal?.aborted !== true;
      next = waiting.shift()
    ) {
      try {
        await work(next)
      } catch (error) {
        failed = true
        throw error
      }
    }
  }
  const results = await Promise.allSettled(Array.from({ length: Math.min(limit, items.length) }, worker))
  const rejected = results.find((result) => result.status === 'rejected')
  if (rejected !== undefined) throw rejected.reason
}
