import { notSupported } from '../../server-error.ts'
import type { Stage, StageCompiler } from '../stage.ts'
import { parseMerge, parseOut, type WriteTarget } from '../write-target.ts'

/** `$out` and `$merge`: the pipeline's result goes into a collection, and nothing comes out. */
export const out: StageCompiler = (spec) => writing(parseOut(spec))

export const merge: StageCompiler = (spec) => writing(parseMerge(spec))

function writing(target: WriteTarget): Stage {
  return (input, context) => {
    if (context.write === undefined) throw notSupported(`${target.kind} here`)
    // At once, not when somebody reads the empty result.
    context.write(target, input)
    return []
  }
}
