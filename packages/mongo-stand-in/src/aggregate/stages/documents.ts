import { isDocument } from '../../bson/value-type.ts'
import { locationError } from '../../server-error.ts'
import { compileExpression } from '../expression.ts'
import { documentScope, type StageCompiler } from '../stage.ts'

/** `$documents`: a list written in the pipeline itself, which needs no collection. */
export const documents: StageCompiler = (spec, env) => {
  const evaluate = compileExpression(spec, env)
  return function* (_input, context) {
    const list = evaluate(documentScope({}, context))
    if (!Array.isArray(list))
      throw locationError(5858203, 'an array is expected as the argument of $documents')
    for (const element of list) {
      if (!isDocument(element))
        throw locationError(40228, 'each element of $documents must evaluate to an object')
      yield element
    }
  }
}
