import type { Slice } from '../../../platform/answer.ts'
import type { EntityId } from '../../../platform/ids.ts'
import type {
  NewTemplate,
  RequestTemplate,
  SellerOfTemplates,
  TemplateFilter,
  TemplatePatch,
} from './model.ts'

/** Templates in one store. */
export interface TemplateRepository {
  /** Raises TEMPLATE_LINK_TAKEN. */
  insert(template: NewTemplate): Promise<void>
  /** Reads only. */
  find(id: EntityId): Promise<RequestTemplate | null>
  /** The same, held until the transaction ends. */
  findForUpdate(id: EntityId): Promise<RequestTemplate | null>
  /** Those of the ids that exist, in no order. Reads only. */
  findMany(ids: EntityId[]): Promise<RequestTemplate[]>
  /** By the last part of the link. Reads only. */
  findByLink(link: string): Promise<RequestTemplate | null>
  /** Newest first; the id breaks ties. Reads only. */
  list(filter: TemplateFilter, page: Slice): Promise<RequestTemplate[]>
  count(filter: TemplateFilter): Promise<number>
  /** Sellers with templates that are open at `at`, those with most first, then by id. Reads only. */
  sellers(at: Date, page: Slice): Promise<SellerOfTemplates[]>
  countSellers(at: Date): Promise<number>
  update(id: EntityId, patch: TemplatePatch, at: Date): Promise<void>
  /** Counts one use; false, and nothing is counted, where the limit is reached. At once for any number of callers. */
  countUse(id: EntityId, at: Date): Promise<boolean>
}
