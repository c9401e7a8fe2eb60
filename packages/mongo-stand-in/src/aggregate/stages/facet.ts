import { isDocument } from '../../bson/value-type.ts'
import { locationError } from '../../server-error.ts'
import type { StageCompiler } from '../stage.ts'

const REFUSED = new Set([
  '$collStats',
  '$documents',
  '$facet',
  '$geoNear',
  '$indexStats',
  '$merge',
  '$out',
  '$planCacheStats',
])

/** `$facet`: several pipelines over the same documents, their results side by side in one document. */
export const facet: StageCompiler = (spec, env) => {
  if (!isDocument(spec) || Object.keys(spec).length === 0) {
    throw locationError(40169, 'the $facet specification must be a non-empty object')
  }
  const facets = Object.entries(spec).map(([name, stages]) => {
    if (!Array.isArray(stages))
      throw locationError(40170, `arguments to $facet must be arrays, ${name} is not`)
    for (const stage of stages) {
      const refused = Object.keys(stage).find((stageName) => REFUSED.has(stageName))
      if (refused !== undefined)
        throw locationError(40600, `${refused} is not allowed to be used within a $facet stage`)
    }
    return { name, run: env.compile(stages) }
  })
  return function* (input, context) {
    const documents = [...input]
    yield Object.fromEntries(facets.map(({ name, run }) => [name, [...run(documents, context)]]))
  }
}
