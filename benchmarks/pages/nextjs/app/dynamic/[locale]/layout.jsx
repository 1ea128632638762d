export { Document as default } from "../../../market/document";
