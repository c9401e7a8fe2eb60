import type { RefusalCode } from './types.ts'

/**
 * A value that cannot go where it should. Thrown inside of a mapping only: an array catches the refusal of one of its
 * elements and is then kept whole by its parent; what nobody catches refuses the document.
 */
export class ValueRefusal extends Error {
  readonly path: string
  readonly code: RefusalCode
  readonly valueType: string
  /** Declared so, or not even `extra` could hold it: no array may catch it. */
  readonly final: boolean

  constructor(path: string, code: RefusalCode, reason: string, valueType: string, final = false) {
    super(reason)
    this.name = 'ValueRefusal'
    this.path = path
    this.code = code
    this.valueType = valueType
    this.final = final
  }
}
