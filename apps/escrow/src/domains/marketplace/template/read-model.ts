import type { EntityId } from '../../../platform/ids.ts'
import type { Units } from '../../../units.ts'
import type { RequestTemplate } from './model.ts'

/** What other domains may know of templates. */
export interface TemplateReadModel {
  /** Ids that do not exist are missing from the answer. */
  templates(ids: EntityId[]): Promise<Map<EntityId, RequestTemplate>>
}

export function createTemplateReadModel(units: Pick<Units, 'request'>): TemplateReadModel {
  return {
    async templates(ids) {
      const found = await units.request.read.templates.findMany([...new Set(ids)])
      return new Map(found.map((template) => [template.id, template]))
    },
  }
}
