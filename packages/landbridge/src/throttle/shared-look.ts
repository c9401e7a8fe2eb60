/** A fresh look costs both stores some queries, so that many workers share one for so long. */
const LOOK_EVERY_MS = 500

/** Who asks while a look is young, or under way, gets its answer. */
export function shared<T>(look: () => Promise<T>): () => Promise<T> {
  let answer: Promise<T> | undefined
  let lookedAt = 0
  return () => {
    if (answer === undefined || performance.now() - lookedAt >= LOOK_EVERY_MS) {
      answer = look()
      lookedAt = performance.now()
      // A look that outlasts its age counts from its end.
      answer.then(
        () => {
          lookedAt = performance.now()
        },
        () => {
          answer = undefined
        },
      )
    }
    return answer
  }
}
