import type { Document } from 'bson'
import { countField, documentField, numberField } from '../commands/fields.ts'
import { serverError } from '../server-error.ts'

/** A view is read by a pipeline; these are the stages that a find or a count becomes. */

export function stagesOfFind(command: Document): Document[] {
  const sort = documentField(command, 'sort')
  for (const [option, value] of Object.entries({ Sort: sort, Hint: command.hint })) {
    if (value?.$natural !== undefined)
      throw pipelineCannot(`${option} option $natural not supported in aggregation`)
  }
  if (command.returnKey === true || command.showRecordId === true || command.tailable === true)
    throw pipelineCannot('Options returnKey, showRecordId and tailable are not supported in aggregation')
  const projection = documentField(command, 'projection') ?? {}
  return [
    ...stagesOfFilter(documentField(command, 'filter')),
    ...(sort === undefined || Object.keys(sort).length === 0 ? [] : [{ $sort: sort }]),
    ...stagesOfCut(command),
    ...(Object.keys(projection).length === 0 ? [] : [{ $project: projection }]),
  ]
}

export function stagesOfCount(command: Document): Document[] {
  return [...stagesOfFilter(documentField(command, 'query')), ...stagesOfCut(command)]
}

export function stagesOfFilter(filter: Document | undefined): Document[] {
  return filter === undefined ? [] : [{ $match: filter }]
}

function stagesOfCut(command: Document): Document[] {
  const skip = countField(command, 'skip') ?? 0
  const limit = Math.abs(numberField(command, 'limit') ?? 0)
  return [...(skip === 0 ? [] : [{ $skip: skip }]), ...(limit === 0 ? [] : [{ $limit: limit }])]
}

function pipelineCannot(message: string) {
  return serverError(168, 'InvalidPipelineOperator', message)
}
