import type { Document } from 'bson'
import { isDocument } from './bson/value-type.ts'
import { notSupported } from './server-error.ts'

interface FailPoint {
  readonly data: Document
  /** How many matching commands pass first, and how many fail then. */
  skip: number
  times: number
}

const KNOWN = new Set(['failCommand', 'failGetMoreAfterCursorCheckout', 'onPrimaryTransactionalWrite'])

/** Faults that a test asks for with `configureFailPoint`. */
export class FailPoints {
  readonly #points = new Map<string, FailPoint>()

  configure(name: string, mode: unknown, data: Document): void {
    if (!KNOWN.has(name)) throw notSupported(`fail point ${name}`)
    if (mode === 'off') {
      this.#points.delete(name)
      return
    }
    const counts = isDocument(mode) ? mode : {}
    this.#points.set(name, {
      data,
      skip: Number(counts.skip ?? 0),
      times: counts.times === undefined ? Number.POSITIVE_INFINITY : Number(counts.times),
    })
  }

  /** What shall go wrong with this command; counts it. `inCursor`: the fault strikes a cursor that was found already. */
  forCommand(
    command: string,
    appName: string | undefined,
  ): { data: Document; inCursor: boolean } | undefined {
    if (command === 'configureFailPoint') return undefined
    const data = this.#take(
      'failCommand',
      ({ failCommands, appName: only }) =>
        Array.isArray(failCommands) &&
        failCommands.includes(command) &&
        (only === undefined || only === appName),
    )
    if (data !== undefined) return { data, inCursor: false }
    const inCursor =
      command === 'getMore' ? this.#take('failGetMoreAfterCursorCheckout', () => true) : undefined
    return inCursor === undefined ? undefined : { data: inCursor, inCursor: true }
  }

  /** What shall go wrong with a retryable write: before it is done, or after. */
  forRetryableWrite(): Document | undefined {
    return this.#take('onPrimaryTransactionalWrite', () => true)
  }

  #take(name: string, applies: (data: Document) => boolean): Document | undefined {
    const point = this.#points.get(name)
    if (point === undefined || !applies(point.data)) return undefined
    if (point.skip > 0) {
      point.skip--
      return undefined
    }
    if (point.times <= 0) return undefined
    point.times--
    return point.data
  }
}
