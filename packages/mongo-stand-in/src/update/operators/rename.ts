import { badValue } from '../../server-error.ts'
import { locate } from '../location.ts'
import { parseUpdatePath } from '../update-path.ts'
import type { Modification } from './operator.ts'

/** `$rename: { from: 'to' }`: moves a value; neither path may lead through an array. */
export function compileRename(from: string, to: unknown): { target: string[]; modify: Modification } {
  if (typeof to !== 'string')
    throw badValue(`The 'to' field for $rename must be a string: ${from}: ${String(to)}`)
  const target = parseUpdatePath(to)
  if (`${from}.${to}`.split('.').some((segment) => segment.startsWith('$'))) {
    throw badValue(`The source and destination field for $rename may not be dynamic: ${from}, ${to}`)
  }
  if (from === to) throw badValue(`The source and target field for $rename must differ: ${from}: "${to}"`)
  if (`${from}.`.startsWith(`${to}.`) || `${to}.`.startsWith(`${from}.`)) {
    throw badValue(`The source and target field for $rename must not be on the same path: ${from}: "${to}"`)
  }
  return {
    target,
    modify: (source, { document, own }) => {
      const value = source.read()
      if (value === undefined) return
      const destination = locate(document, target, own)
      if (source.insideArray) throw badValue(`The source field cannot be an array element, '${from}'`)
      if (destination.insideArray) throw badValue(`The destination field cannot be an array element, '${to}'`)
      source.remove()
      // An existing field of the new name goes first: the value comes last, as a new field does.
      destination.remove()
      destination.write(value)
    },
  }
}
