import { type Document, Timestamp } from 'bson'
import { booleanField, documentField } from '../commands/fields.ts'
import { badValue, serverError } from '../server-error.ts'
import { splitNamespace } from '../storage/catalog.ts'
import type { ChangeRecord } from '../storage/change-record.ts'

export type FullDocument = 'default' | 'updateLookup' | 'whenAvailable' | 'required'
export type BeforeChange = 'off' | 'whenAvailable' | 'required'

/** What a change stream watches, and what its events shall contain. */
export interface StreamOptions {
  readonly scope: 'collection' | 'database' | 'cluster'
  readonly db: string
  /** The namespace watched by a stream on a collection. */
  readonly ns: string
  readonly fullDocument: FullDocument
  readonly beforeChange: BeforeChange
  readonly showExpandedEvents: boolean
  readonly resumeAfter: Document | undefined
  readonly startAfter: Document | undefined
  readonly startAtOperationTime: Timestamp | undefined
}

const FULL_DOCUMENT: readonly string[] = ['default', 'updateLookup', 'whenAvailable', 'required']
const BEFORE_CHANGE: readonly string[] = ['off', 'whenAvailable', 'required']
/** Events that are told only when the stream asks for expanded ones. */
const EXPANDED: ReadonlySet<ChangeRecord['type']> = new Set([
  'create',
  'createIndexes',
  'dropIndexes',
  'modify',
])
const INTERNAL_DATABASES = new Set(['admin', 'config', 'local'])

export function readStreamOptions(
  stage: Document,
  target: { db: string; name: string | undefined },
): StreamOptions {
  const spec = documentField(stage, '$changeStream') ?? {}
  const starts = ['resumeAfter', 'startAfter', 'startAtOperationTime'].filter(
    (name) => spec[name] !== undefined,
  )
  if (starts.length > 1)
    throw serverError(
      40674,
      'Location40674',
      `Only one type of resume option is allowed, but ${starts.length} were found`,
    )
  const cluster = booleanField(spec, 'allChangesForCluster') === true
  if (cluster && target.db !== 'admin') {
    throw serverError(
      72,
      'InvalidOptions',
      'A $changeStream with allChangesForCluster may only be opened on the admin database',
    )
  }
  return {
    scope: cluster ? 'cluster' : target.name === undefined ? 'database' : 'collection',
    db: target.db,
    ns: `${target.db}.${target.name ?? ''}`,
    fullDocument: choice(spec, 'fullDocument', FULL_DOCUMENT) as FullDocument,
    beforeChange: choice(spec, 'fullDocumentBeforeChange', BEFORE_CHANGE) as BeforeChange,
    showExpandedEvents: booleanField(spec, 'showExpandedEvents') === true,
    resumeAfter: documentField(spec, 'resumeAfter'),
    startAfter: documentField(spec, 'startAfter'),
    startAtOperationTime:
      spec.startAtOperationTime instanceof Timestamp ? spec.startAtOperationTime : undefined,
  }
}

/** Whether the stream tells this record. */
export function concerns(options: StreamOptions, record: ChangeRecord): boolean {
  if (EXPANDED.has(record.type) && !options.showExpandedEvents) return false
  if (isOfView(record) && (options.scope === 'collection' || !options.showExpandedEvents)) return false
  const { db } = splitNamespace(record.ns)
  if (options.scope === 'cluster') return !INTERNAL_DATABASES.has(db)
  if (options.scope === 'database') return db === options.db
  return record.ns === options.ns || (record.type === 'rename' && record.detail?.to === options.ns)
}

/** Whether the record tells of a view: these events are always among the expanded ones. */
export function isOfView({ detail }: ChangeRecord): boolean {
  return detail?.view === true || detail?.options?.viewOn !== undefined
}

/** Whether what the stream watches is gone with this record. */
export function invalidates({ scope }: StreamOptions, { type }: ChangeRecord): boolean {
  if (scope === 'collection') return type === 'drop' || type === 'rename'
  return scope === 'database' && type === 'dropDatabase'
}

function choice(spec: Document, field: string, values: readonly string[]): string {
  const value: unknown = spec[field] ?? values[0]
  if (typeof value !== 'string' || !values.includes(value)) {
    throw badValue(
      `Enumeration value '${String(value)}' for field '$changeStream.${field}' is not a valid value.`,
    )
  }
  return value
}
