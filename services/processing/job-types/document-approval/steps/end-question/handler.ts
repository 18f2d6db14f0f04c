import { endingQuestion } from '@spillway/shared/runtime/workflow/questions.ts';
import { APPROVAL } from '../../question.ts';

export const handler = endingQuestion(APPROVAL);
