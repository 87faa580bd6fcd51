// The program of a thread that answers what it is asked.
import { answerRequests } from "../../src-main/engine/threads/answer-requests.ts";

answerRequests<number, number>((input) => ({ output: input, transfer: [] }));
