import { addToSet } from './add-to-set.ts'
import { bit } from './bit.ts'
import { currentDate } from './current-date.ts'
import { increment, multiply } from './increment.ts'
import type { UpdateOperator } from './operator.ts'
import { pop, pull, pullAll } from './pull.ts'
import { push } from './push.ts'
import { maximum, minimum, set, setOnInsert, unset } from './set.ts'

/** All update operators but `$rename`, which names two paths and is compiled apart. */
export const UPDATE_OPERATORS: Readonly<Record<string, UpdateOperator>> = {
  $addToSet: addToSet,
  $bit: bit,
  $currentDate: currentDate,
  $inc: increment,
  $max: maximum,
  $min: minimum,
  $mul: multiply,
  $pop: pop,
  $pull: pull,
  $pullAll: pullAll,
  $push: push,
  $set: set,
  $setOnInsert: setOnInsert,
  $unset: unset,
}
