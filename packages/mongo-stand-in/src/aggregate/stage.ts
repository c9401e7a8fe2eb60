import type { Document } from 'bson'
import type { Collation } from '../bson/compare.ts'
import { type ExpressionEnvironment, type Scope, scopeOf } from './expression.ts'
import type { WriteTarget } from './write-target.ts'

/** What a pipeline runs in. */
export interface PipelineContext {
  collation?: Collation
  /** Variables that expressions see as `$$name`, already evaluated. */
  let?: Document
  /** The documents of a collection, for `$lookup` and `$unionWith`; `db` is the pipeline's own unless given. */
  collection(name: string, db?: string): Iterable<Document>
  /**
   * The documents of a collection whose field equals one of the values, through an index; undefined where no index helps.
   */
  findEqual?(name: string, field: string, values: readonly unknown[]): Iterable<Document> | undefined
  /** The value of `$$NOW`. */
  now: Date
  /** Carries out `$out` and `$merge`; where it is missing, these stages are refused. */
  write?(target: WriteTarget, documents: Iterable<Document>): void
}

/** A compiled stage: documents in, documents out, lazily where the stage allows it. */
export type Stage = (input: Iterable<Document>, context: PipelineContext) => Iterable<Document>

export interface StageEnvironment extends ExpressionEnvironment {
  /** The stages behind this one, as they were given. */
  following: readonly unknown[]
  /** Compiles a pipeline within the stage; `variables` are names that it may use beside those of its surroundings. */
  compile(stages: unknown, variables?: readonly string[]): Stage
}

export type StageCompiler = (spec: unknown, env: StageEnvironment) => Stage

/** What expressions of a stage see of one document. */
export function documentScope(document: Document, context: PipelineContext): Scope {
  return scopeOf(document, { let: context.let, now: context.now })
}
