import type { Clock } from './clock.ts'

/** A value that is loaded when it is asked for and served for a while. */
export interface Cached<Value> {
  get(): Promise<Value>
  /** The next `get` loads. */
  forget(): void
}

/** Serves what `load` gave for `milliseconds`. Calls at once share one loading; a failed one is not kept. */
export function cached<Value>(clock: Clock, milliseconds: number, load: () => Promise<Value>): Cached<Value> {
  let current: { value: Promise<Value>; until: number } | null = null
  return {
    get() {
      const now = clock.now().getTime()
      if (current !== null && now < current.until) return current.value
      const loading = { value: load(), until: now + milliseconds }
      current = loading
      loading.value.catch(() => {
        if (current === loading) current = null
      })
      return loading.value
    },
    forget() {
      current = null
    },
  }
}
