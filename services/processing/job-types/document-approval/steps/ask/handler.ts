import { asking } from '@spillway/shared/runtime/workflow/questions.ts';
import { APPROVAL, questionOf } from '../../question.ts';

export const handler = asking(APPROVAL, questionOf);
