import EventDispatch
import Foundation

extension Date: TotallyOrdered {}
