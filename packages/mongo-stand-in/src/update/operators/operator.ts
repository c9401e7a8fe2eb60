import type { Document } from 'bson'
import type { Collation } from '../../bson/compare.ts'
import type { UpdateContext } from '../compile-update.ts'
import type { Location, OwnContainers } from '../location.ts'

export interface ModificationContext extends UpdateContext {
  /** The whole document, as far as it is updated: for messages, and for `$rename`. */
  document: Document
  /** What of it may be changed in place. */
  own: OwnContainers
}

/** Changes one place of a document. */
export type Modification = (location: Location, context: ModificationContext) => void

export interface OperatorEnvironment {
  path: string
  collation: Collation | undefined
}

/** Compiles an update operator for one path; bad operands are refused here, before any document is touched. */
export type UpdateOperator = (operand: unknown, env: OperatorEnvironment) => Modification
