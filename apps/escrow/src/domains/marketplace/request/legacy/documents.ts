import { withoutNulls } from '../../../../migration/document-changes.ts'
import {
  lenientAmount,
  lenientArray,
  lenientBoolean,
  lenientDate,
  lenientDocument,
  lenientDocuments,
  lenientId,
  lenientInteger,
  lenientText,
  objectIdOf,
} from '../../../../migration/lenient.ts'
import { lenientJson } from '../../../../migration/lenient-json.ts'
import { storedAmountOrNull } from '../../../../migration/stored-amount.ts'
import { type EntityId, parseId } from '../../../../platform/ids.ts'
import { type Amount, compareAmounts, zeroAmount } from '../../../../platform/money.ts'
import type {
  DeliveryAttempt,
  NewPurchaseRequest,
  PurchaseRequest,
  PurchaseRequestSummary,
  StatusChange,
} from '../model.ts'
import type { PurchaseRequestDocument } from './model.mongo.ts'

/** The summary that a document tells, whatever lies in it. */
export function summaryOf(document: PurchaseRequestDocument): PurchaseRequestSummary {
  const budget = lenientDocument(document.budget)
  const delivery = lenientDocument(document.deliveryInfo)
  return {
    id: idOf(document),
    buyerId: lenientId(document.buyerId),
    title: lenientText(document.title),
    description: lenientText(document.description),
    categoryId: lenientId(document.categoryId),
    productType: lenientText(document.productType),
    productLink: lenientText(document.productLink),
    size: lenientText(document.size),
    color: lenientText(document.color),
    brand: lenientText(document.brand),
    quantity: atLeastOne(lenientInteger(document.quantity)),
    budget: {
      min: notNegative(lenientAmount(budget.min)),
      max: notNegative(lenientAmount(budget.max)),
      currency: lenientText(budget.currency),
    },
    urgency: lenientText(document.urgency),
    status: lenientText(document.status),
    isPublic: lenientBoolean(document.isPublic),
    selectedOfferId: lenientId(document.selectedOfferId),
    shippedAt: lenientDate(document.shippedAt),
    delivery: {
      type: lenientText(delivery.deliveryType),
      address: lenientJson(delivery.address ?? null),
      email: lenientText(delivery.email),
      code: lenientText(delivery.deliveryCode),
      codeGeneratedAt: lenientDate(delivery.deliveryCodeGeneratedAt),
      codeExpiresAt: lenientDate(delivery.deliveryCodeExpiresAt),
      codeUsed: lenientBoolean(delivery.deliveryCodeUsed),
      codeUsedAt: lenientDate(delivery.deliveryCodeUsedAt),
      date: lenientDate(delivery.deliveryDate),
    },
    releaseHold: lenientBoolean(document.releaseHold),
    disputed: lenientBoolean(document.disputed),
    templateId: lenientId(document.templateId),
    cancelReason: lenientText(document.cancelReason),
    cancelledBy: lenientId(document.cancelledBy),
    completedAt: lenientDate(document.completedAt),
    inspectionEndsAt: lenientDate(document.inspectionEndsAt),
    createdAt: lenientDate(document.createdAt),
    updatedAt: lenientDate(document.updatedAt),
  }
}

/** The whole request that a document tells. */
export function requestOf(document: PurchaseRequestDocument): PurchaseRequest {
  const delivery = lenientDocument(document.deliveryInfo)
  return {
    ...summaryOf(document),
    specifications: lenientDocuments(document.specifications).map((element) => ({
      key: lenientText(element.key),
      value: lenientText(element.value),
      label: lenientText(element.label),
    })),
    preferredSellerIds: lenientArray(document.preferredSellerIds)
      .map(lenientId)
      .filter((id) => id !== null),
    attachments: lenientDocuments(document.attachments).map((element) => ({
      url: lenientText(element.url),
      name: lenientText(element.name),
      mime: lenientText(element.mime),
      size: lenientInteger(element.size),
    })),
    tags: lenientArray(document.tags)
      .map(lenientText)
      .filter((tag) => tag !== null),
    deliveryAttempts: lenientDocuments(delivery.deliveryAttempts).map((element) => ({
      code: lenientText(element.code),
      attemptedBy: lenientId(element.attemptedBy),
      at: lenientDate(element.at),
      success: lenientBoolean(element.success),
      ip: lenientText(element.ip),
    })),
    statusHistory: lenientDocuments(document.statusHistory).map((element) => ({
      from: lenientText(element.from),
      to: lenientText(element.to),
      by: lenientId(element.by),
      reason: lenientText(element.reason),
      at: lenientDate(element.at),
    })),
    trackingEvents: lenientDocuments(document.trackingEvents).map((element) => ({
      status: lenientText(element.status),
      description: lenientText(element.description),
      location: lenientText(element.location),
      at: lenientDate(element.at),
    })),
  }
}

/** The document of a new request; its lists begin empty. */
export function documentOf(request: NewPurchaseRequest): Record<string, unknown> {
  const { budget } = request
  return withoutNulls({
    _id: objectIdOf(request.id),
    buyerId: objectIdOf(request.buyerId),
    title: request.title,
    description: request.description,
    categoryId: objectIdOf(request.categoryId),
    productType: request.productType,
    productLink: request.productLink,
    size: request.size,
    color: request.color,
    brand: request.brand,
    quantity: request.quantity,
    budget: withoutNulls({
      min: storedAmountOrNull(budget.min),
      max: storedAmountOrNull(budget.max),
      currency: budget.currency,
    }),
    urgency: request.urgency,
    status: request.status,
    isPublic: request.isPublic,
    preferredSellerIds: request.preferredSellerIds.map(objectIdOf),
    deliveryInfo: withoutNulls({
      deliveryType: request.deliveryType,
      address: request.deliveryAddress,
      email: request.deliveryEmail,
      deliveryAttempts: [],
    }),
    specifications: request.specifications.map((element) => withoutNulls({ ...element })),
    attachments: request.attachments.map((element) => withoutNulls({ ...element })),
    tags: request.tags,
    templateId: request.templateId && objectIdOf(request.templateId),
    statusHistory: [],
    trackingEvents: [],
    createdAt: request.at,
    updatedAt: request.at,
  })
}

export function statusChangeElement(change: StatusChange) {
  return withoutNulls({ ...change, by: change.by === null ? null : objectIdOf(change.by) })
}

export function attemptElement(attempt: DeliveryAttempt) {
  const { attemptedBy } = attempt
  return withoutNulls({ ...attempt, attemptedBy: attemptedBy === null ? null : objectIdOf(attemptedBy) })
}

function idOf(document: PurchaseRequestDocument): EntityId {
  return parseId(document._id.toHexString())
}

/** The table refuses quantities below one, and shows none in their place. */
function atLeastOne(quantity: number | null): number | null {
  return quantity !== null && quantity >= 1 ? quantity : null
}

/** The same for amounts below zero. */
function notNegative(amount: Amount | null): Amount | null {
  return amount !== null && compareAmounts(amount, zeroAmount) >= 0 ? amount : null
}
