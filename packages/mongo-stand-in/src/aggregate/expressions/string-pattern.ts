import { type Document, Int32 } from 'bson'
import { isNullish, typeOf } from '../../bson/value-type.ts'
import { compileRegex } from '../../query/regex-test.ts'
import { locationError } from '../../server-error.ts'
import { named, type OperatorTable } from './operator.ts'

const ARGUMENTS = { required: ['input', 'regex'], optional: ['options'] }

/** `$regexMatch`, `$regexFind`, `$regexFindAll`. */
export const STRING_PATTERN: OperatorTable = {
  $regexMatch: named('$regexMatch', ARGUMENTS, (args) => found('$regexMatch', args, 1).length > 0),
  $regexFind: named('$regexFind', ARGUMENTS, (args) => found('$regexFind', args, 1)[0] ?? null),
  $regexFindAll: named('$regexFindAll', ARGUMENTS, (args) =>
    found('$regexFindAll', args, Number.POSITIVE_INFINITY),
  ),
}

function found(name: string, { input, regex, options }: Record<string, unknown>, most: number): Document[] {
  if (isNullish(input) || isNullish(regex)) return []
  if (typeof input !== 'string') {
    throw locationError(51104, `${name} needs 'input' to be of type string, found ${typeOf(input)}`)
  }
  const pattern = compileRegex(regex, options ?? undefined)
  const everywhere = new RegExp(pattern.source, `${pattern.flags}g`)
  const matches: Document[] = []
  for (const match of input.matchAll(everywhere)) {
    if (matches.length >= most) break
    matches.push({
      match: match[0],
      idx: new Int32([...input.slice(0, match.index)].length),
      captures: match.slice(1).map((capture) => capture ?? null),
    })
  }
  return matches
}
