variable "title" {
  description = "Title of the page."
  type        = string
  default     = "Who may use what"
}

variable "cloudshell_groups" {
  description = "Names of the CloudShell groups to report."
  type        = set(string)
  default     = []
}

variable "vcd_groups" {
  description = "Names of the imported groups of Cloud Director to report. If there are none, the module does not use Cloud Director."
  type        = set(string)
  default     = []
}
