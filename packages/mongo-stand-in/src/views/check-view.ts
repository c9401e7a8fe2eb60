import type { Document } from 'bson'
import { compilePipeline } from '../aggregate/run-pipeline.ts'
import { collationFrom, sameCollation } from '../bson/collation.ts'
import { isDocument } from '../bson/value-type.ts'
import { foreignNamespaces } from '../commands/foreign-namespaces.ts'
import { locationError, serverError } from '../server-error.ts'
import { type Catalog, splitNamespace } from '../storage/catalog.ts'
import { MAX_VIEW_DEPTH, optionNotOnView, viewDepthExceeded, viewOf } from './view-definition.ts'

/** Stages that write or that follow changes: no view can show what they give. */
const NEVER_IN_VIEWS = ['$out', '$merge', '$changeStream']

/**
 * Refuses a view that could not be read: a pipeline that makes no sense, a cycle, views too deep, or one whose
 * collation is not that of the views below.
 */
export function checkView(catalog: Catalog, ns: string, options: Document): void {
  const pipeline = options.pipeline as Document[]
  assertMayBeInView(pipeline, ns)
  compilePipeline(pipeline, { collation: collationFrom(options.collation) })
  const below = namespacesBelow(ns, options)
  assertSameCollations(catalog, ns, options, below)
  assertAcyclic(catalog, ns, below, new Set([ns]))
  if (1 + depthOf(catalog, below) > MAX_VIEW_DEPTH) throw viewDepthExceeded(ns)
}

function assertMayBeInView(pipeline: unknown, ns: string): void {
  if (!Array.isArray(pipeline)) return
  for (const stage of pipeline.filter(isDocument)) {
    const [name = ''] = Object.keys(stage)
    if (NEVER_IN_VIEWS.includes(name))
      throw optionNotOnView(
        `The aggregation stage ${name} of the pipeline cannot be used in the view definition of ${ns}`,
      )
    assertMayBeInView(stage[name]?.pipeline, ns)
    if (name === '$facet' && isDocument(stage.$facet))
      for (const inner of Object.values(stage.$facet)) assertMayBeInView(inner, ns)
    if (name === '$currentOp' || name === '$listLocalSessions')
      throw locationError(40602, `${name} is not valid in a view`)
  }
}

function namespacesBelow(ns: string, { viewOn, pipeline }: Document): string[] {
  const { db } = splitNamespace(ns)
  return [`${db}.${String(viewOn)}`, ...foreignNamespaces(pipeline, db)]
}

function assertSameCollations(catalog: Catalog, ns: string, options: Document, below: string[]): void {
  for (const other of below) {
    const view = viewOf(catalog.get(other))
    if (view === undefined || sameCollation(view.collation, collationFrom(options.collation))) continue
    throw optionNotOnView(`View ${ns} has conflicting collation with view ${other}`)
  }
}

function assertAcyclic(catalog: Catalog, top: string, below: string[], above: ReadonlySet<string>): void {
  for (const ns of below) {
    if (above.has(ns))
      throw serverError(5, 'GraphContainsCycle', `View cycle detected: ${top} leads to ${ns}`)
    const entry = catalog.get(ns)
    if (entry !== undefined && viewOf(entry) !== undefined)
      assertAcyclic(catalog, top, namespacesBelow(ns, entry.options), new Set([...above, ns]))
  }
}

/** How many views stand on each other below; cycles have been refused before. */
function depthOf(catalog: Catalog, below: string[]): number {
  let deepest = 0
  for (const ns of below) {
    const entry = catalog.get(ns)
    if (entry === undefined || viewOf(entry) === undefined) continue
    deepest = Math.max(deepest, 1 + depthOf(catalog, namespacesBelow(ns, entry.options)))
  }
  return deepest
}
