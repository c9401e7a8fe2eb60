import { type Document, Long } from 'bson'
import { indexKey } from '../../bson/index-key.ts'
import { toSafeInteger } from '../../bson/number.ts'
import { valuesAtPath } from '../../bson/path.ts'
import { isDocument, isNumber, typeOf } from '../../bson/value-type.ts'
import { compileQuery } from '../../query/compile-query.ts'
import { failedToParse, locationError, notSupported } from '../../server-error.ts'
import { compileExpression } from '../expression.ts'
import { type ForeignSearch, foreignSearch } from '../foreign-documents.ts'
import { setAtPath } from '../set-at-path.ts'
import { documentScope, type StageCompiler, type StageEnvironment } from '../stage.ts'

interface Graph {
  from: string
  startWith: unknown
  connectFrom: string
  connectTo: string
  as: string[]
  maxDepth: number
  depthField: string[] | undefined
  restriction: Document | undefined
}

/** `$graphLookup`: follows a field of the found documents to further ones, level by level; each is found once. */
export const graphLookup: StageCompiler = (spec, env) => {
  const graph = graphArguments(spec)
  const startWith = compileExpression(graph.startWith, env)
  const options = { collation: env.collation }
  if (graph.restriction !== undefined) compileQuery(graph.restriction, options)
  return function* (input, context) {
    const search = foreignSearch(graph.from, graph.connectTo, env, context)
    const query =
      graph.restriction === undefined
        ? undefined
        : compileQuery(graph.restriction, { ...options, let: context.let })
    const allowed: ForeignSearch = (values) =>
      query === undefined ? search(values) : [...search(values)].filter((document) => query.test(document))
    for (const document of input) {
      const start = startWith(documentScope(document, context))
      const values = Array.isArray(start) ? start : start === undefined ? [] : [start]
      yield setAtPath(document, graph.as, reachable(values, graph, allowed, env))
    }
  }
}

function reachable(
  start: readonly unknown[],
  { connectFrom, maxDepth, depthField }: Graph,
  search: ForeignSearch,
  { collation }: StageEnvironment,
): Document[] {
  const found = new Map<string, Document>()
  const asked = new Set<string>()
  const unasked = (values: readonly unknown[]) =>
    values.filter((value) => {
      const key = indexKey(value, collation)
      if (asked.has(key)) return false
      asked.add(key)
      return true
    })
  let frontier = unasked(start)
  for (let depth = 0; frontier.length > 0 && depth <= maxDepth; depth++) {
    const next: unknown[] = []
    for (const document of search(frontier)) {
      const id = indexKey(document._id)
      if (found.has(id)) continue
      found.set(
        id,
        depthField === undefined ? document : setAtPath(document, depthField, Long.fromNumber(depth)),
      )
      next.push(...valuesAtPath(document, connectFrom).filter(leads))
    }
    frontier = unasked(next)
  }
  return [...found.values()]
}

/** No value leads nowhere, and neither does an empty list. */
function leads(value: unknown): boolean {
  return value !== undefined && !(Array.isArray(value) && value.length === 0)
}

function graphArguments(spec: unknown): Graph {
  if (!isDocument(spec)) {
    throw failedToParse(`the $graphLookup stage specification must be an object, but found ${typeOf(spec)}`)
  }
  const { from, startWith, connectFromField, connectToField, as, ...options } = spec
  const { maxDepth, depthField, restrictSearchWithMatch, ...unknown } = options
  const [extra] = Object.keys(unknown)
  if (extra !== undefined) throw locationError(40104, `Unknown argument to $graphLookup: ${extra}`)
  if (isDocument(from)) throw notSupported('$graphLookup from a collection in another database')
  if (from === undefined || startWith === undefined || as === undefined) throw missingArgument()
  if (connectFromField === undefined || connectToField === undefined) throw missingArgument()
  if (restrictSearchWithMatch !== undefined && !isDocument(restrictSearchWithMatch)) {
    throw locationError(
      40185,
      `$graphLookup.restrictSearchWithMatch must be an object, got ${typeOf(restrictSearchWithMatch)}`,
    )
  }
  return {
    from: fieldText('from', from),
    startWith,
    connectFrom: fieldText('connectFromField', connectFromField),
    connectTo: fieldText('connectToField', connectToField),
    as: fieldText('as', as).split('.'),
    maxDepth: maxDepth === undefined ? Number.POSITIVE_INFINITY : depthOf(maxDepth),
    depthField: depthField === undefined ? undefined : fieldText('depthField', depthField).split('.'),
    restriction: restrictSearchWithMatch,
  }
}

function missingArgument(): Error {
  return locationError(
    40105,
    '$graphLookup requires from, as, startWith, connectFromField, and connectToField to be specified',
  )
}

function fieldText(name: string, value: unknown): string {
  if (typeof value !== 'string') {
    throw locationError(40103, `expected string as argument for ${name}, found: ${typeOf(value)}`)
  }
  if (name !== 'from' && value.startsWith('$')) {
    throw locationError(16410, `FieldPath field names may not start with '$': '${value}'`)
  }
  return value
}

function depthOf(maxDepth: unknown): number {
  if (!isNumber(maxDepth))
    throw locationError(40100, `maxDepth requires numeric argument, found ${typeOf(maxDepth)}`)
  const depth = toSafeInteger(maxDepth)
  if (depth === undefined) throw locationError(40102, 'maxDepth could not be represented as a long long')
  if (depth < 0) throw locationError(40101, `maxDepth requires a nonnegative argument, found: ${depth}`)
  return depth
}
