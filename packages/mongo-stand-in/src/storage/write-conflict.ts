import { ServerError } from '../server-error.ts'
import type { WriteUnit } from './write-unit.ts'

/** Another unit has written the same record or unique key, and has either committed first or is still open. */
export class WriteConflict extends ServerError {
  /** The open unit in the way; undefined if the conflicting write has committed. */
  readonly holder: WriteUnit | undefined

  constructor(holder: WriteUnit | undefined) {
    super(
      112,
      'WriteConflict',
      'Caused by :: Write conflict during plan execution and yielding is disabled. :: Please retry your operation or multi-document transaction.',
    )
    this.holder = holder
  }
}
